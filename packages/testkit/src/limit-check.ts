import assert from 'node:assert/strict'
import { perform } from '@imago/core/provider'
import { must, steadily, type Check } from './check.ts'
import { listImageIds, listOrphanIds } from './list-ids.ts'

const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0

/** Checks of what a source reports before work: estimates, limits and quotas. */
export const LIMIT_CHECKS: readonly Check[] = [
  {
    name: 'estimate returns the requirements and costs of work, and changes nothing',
    promises: ['estimate', 'estimate-changes-nothing'],
    needs: ['estimate'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const [before, leftBefore] = [await listImageIds(source), await listOrphanIds(source)]
        for (const kind of ['createFromBytes', 'download'] as const) {
          const { resources, once, monthly } = await must(
            perform(source, 'estimate', { kind, architecture: 'x86_64', virtualSize: 2 ** 30, bytes: 2 ** 20 }),
          )
          assert.ok(
            resources.length > 0 && resources.every((resource) => resource !== ''),
            `estimate of ${kind} returns no resources`,
          )
          for (const cost of [once, monthly])
            assert.ok(
              cost === null || (/^\d+(?:\.\d+)?$/.test(cost.amount) && cost.currency !== ''),
              `invalid amount: ${JSON.stringify(cost)}`,
            )
        }
        assert.deepEqual(await listImageIds(source), before)
        assert.deepEqual(await listOrphanIds(source), leftBefore)
      }),
  },
  {
    name: 'uploadLimits returns plausible quotas, stores and formats, and changes nothing',
    promises: ['upload-limits', 'upload-limits-change-nothing'],
    needs: ['uploadLimits'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = await listImageIds(source)
        const { bytes, images, uploads, stores, diskFormats, containerFormats, nameLength, tagLength, properties } =
          await must(perform(source, 'uploadLimits'))
        for (const quota of [bytes, images, uploads]) {
          if (quota === null) continue
          assert.ok(
            isCount(quota.used) &&
              (quota.limit === null || isCount(quota.limit)) &&
              isCount(quota.unit) &&
              quota.unit > 0,
            `invalid quota: ${JSON.stringify(quota)}`,
          )
        }
        const ids = (stores ?? []).map(({ id }) => id)
        assert.ok(
          ids.every((id) => id !== '') && new Set(ids).size === ids.length,
          `each store once, by its id: ${ids.join(', ')}`,
        )
        assert.ok((stores ?? []).filter(({ isDefault }) => isDefault).length <= 1, 'one store is the default')
        for (const formats of [diskFormats, containerFormats])
          assert.ok(
            formats === null || (formats.length > 0 && formats.every((format) => format !== '')),
            `invalid formats: ${JSON.stringify(formats)}`,
          )
        const lengths = [nameLength, tagLength, ...Object.values(properties ?? {}).map(({ maxLength }) => maxLength)]
        assert.ok(
          lengths.every((length) => length === null || isCount(length)),
          `invalid lengths: ${lengths.join(', ')}`,
        )
        assert.deepEqual(await listImageIds(source), before)
      }),
  },
]
