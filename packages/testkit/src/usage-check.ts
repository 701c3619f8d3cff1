import assert from 'node:assert/strict'
import { listAll, perform, type Image, type Price, type Usage, type UsageEdge } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { must, steadily, walk, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'

const DECIMAL = /^\d+(\.\d+)?$/

/** Returns the edges that the origins of an image must cause. A server that an image was created from may be gone. */
const expectedEdges = ({ ref, origins }: Image): readonly Pick<UsageEdge, 'image' | 'relation'>[] =>
  origins.flatMap(({ relation, kind, id }): readonly Pick<UsageEdge, 'image' | 'relation'>[] => {
    if (id === null) return []
    if (relation === 'bound-to' && kind === 'server') return [{ image: ref, relation: 'bound' }]
    return relation === 'based-on' && kind === 'image' ? [{ image: { ...ref, id }, relation: 'uses' }] : []
  })

const formatKey = ({ image, relation }: Pick<UsageEdge, 'image' | 'relation'>): string => `${relation} ${image.id}`

const sorted = ({ edges }: Usage): readonly string[] => edges.map((edge) => JSON.stringify(edge)).toSorted()

/** Checks of `usage` and `prices`. */
export const USAGE_CHECKS: readonly Check[] = [
  {
    name: 'usage returns the references of images, and changes nothing',
    promises: ['usage', 'usage-changes-nothing'],
    needs: ['usage'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = (await walk(source, EVERYTHING)).images
        const { edges } = await must(perform(source, 'usage'))
        assert.deepEqual((await walk(source, EVERYTHING)).images, before)
        const there = new Set(edges.map(formatKey))
        assert.deepEqual(
          before
            .flatMap(expectedEdges)
            .map(formatKey)
            .filter((key) => !there.has(key)),
          [],
          'references that images state, and usage lacks',
        )
        for (const { image, by, via } of edges) {
          assert.deepEqual({ ...image, id: '' }, { ...source.cloud, id: '' }, 'an edge is of this cloud')
          assert.ok(
            image.id !== '' && by.id !== '' && via !== '',
            `invalid edge: ${JSON.stringify({ image, by, via })}`,
          )
        }
      }),
  },
  {
    name: 'usage returns the lists that it read, and reasons for the others',
    promises: ['usage-sources'],
    needs: ['usage'],
    writes: false,
    run: async (source) => {
      const { sources } = await must(perform(source, 'usage'))
      const names = sources.map(({ name }) => name)
      assert.ok(names.length > 0, 'usage returns no list')
      assert.equal(new Set(names).size, names.length, `each list once: ${names.join(', ')}`)
      for (const { name, completeness, reason } of sources)
        assert.equal(reason === null, completeness === 'read', `${name} is ${completeness}, reason: ${reason}`)
    },
  },
  {
    name: 'usage returns the same with a listing, and reads the listing',
    promises: ['usage-listing'],
    needs: ['usage'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        let runs = 0
        const listing = pipe(
          listAll(source, EVERYTHING),
          TE.tapIO(() => () => runs++),
        )
        assert.deepEqual(
          sorted(await must(perform(source, 'usage', { listing }))),
          sorted(await must(perform(source, 'usage'))),
        )
        assert.equal(runs, 1, `the listing was run ${runs} times`)
      }),
  },
  {
    name: 'prices returns decimal strings and a currency, and changes nothing',
    promises: ['prices', 'prices-change-nothing'],
    needs: ['prices'],
    writes: false,
    run: (source) =>
      steadily(async () => {
        const before = (await walk(source, EVERYTHING)).images
        const { currency, perGbMonth, bytesPerGb } = await must(perform(source, 'prices'))
        assert.deepEqual((await walk(source, EVERYTHING)).images, before)
        assert.match(currency, /^[A-Z]{3}$/)
        assert.ok(Number.isSafeInteger(bytesPerGb) && bytesPerGb > 0, `bytesPerGb is ${bytesPerGb}`)
        const { net, gross }: Price = perGbMonth
        assert.ok(net !== null || gross !== null, 'the price has no amount')
        for (const amount of [net, gross]) if (amount !== null) assert.match(amount, DECIMAL)
      }),
  },
]
