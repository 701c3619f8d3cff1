import assert from 'node:assert/strict'
import type { Image, ImageSource } from '@imago/core/provider'
import { getIds, must, type CheckContext, type Check } from './check.ts'
import { EVERYTHING } from './filter-check.ts'

/** Returns a page of a list with odd records, and the same page without them. */
const oddPage = async (
  source: ImageSource,
  context: CheckContext,
): Promise<{ readonly sound: readonly Image[]; readonly odd: Awaited<ReturnType<typeof firstPage>> }> => {
  const port = await context.faults()
  const { items: sound } = await firstPage(source)
  await port.set({ kind: 'odd-records' })
  return { sound, odd: await firstPage(source) }
}

const firstPage = (source: ImageSource) => must(source.listPage(EVERYTHING, null))

/** Checks of how a source reads lists with odd records, which `faults` of the subject causes. */
export const ODD_RECORD_CHECKS: readonly Check[] = [
  {
    name: 'an unreadable record is in rejected, with the reason',
    promises: ['rejected-and-drift'],
    needs: [],
    uses: 'faults',
    writes: false,
    run: async (source, context) => {
      const { rejected } = (await oddPage(source, context)).odd
      assert.ok(rejected.length > 0, 'the page has a record without an id, and rejected is empty')
      assert.ok(
        rejected.every(({ issues }) => issues.length > 0),
        'a rejected record has its issues',
      )
    },
  },
  {
    name: 'an unexpected key is in drift',
    promises: ['rejected-and-drift'],
    needs: [],
    uses: 'faults',
    writes: false,
    run: async (source, context) =>
      assert.ok(
        (await oddPage(source, context)).odd.drift.length > 0,
        'the page has a record with an unknown key, and drift is empty',
      ),
  },
  {
    name: 'odd records do not affect the others',
    promises: ['whole-page'],
    needs: [],
    uses: 'faults',
    writes: false,
    run: async (source, context) => {
      const { sound, odd } = await oddPage(source, context)
      const there = new Set(getIds(odd.items))
      assert.deepEqual(
        getIds(sound).filter((id) => !there.has(id)),
        [],
        'images that the page lacks because another record is odd',
      )
    },
  },
]
