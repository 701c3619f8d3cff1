import assert from 'node:assert/strict'
import { Instant } from '@imago/codec'
import { perform, type OrphanedResource } from '@imago/core/provider'
import { must, type Check } from './check.ts'

/** Checks of orphaned resources. */
export const ORPHAN_CHECKS: readonly Check[] = [
  {
    name: 'lists the orphaned resources of a run, and deletes them',
    promises: ['orphans', 'orphans-running', 'delete-orphan'],
    needs: ['orphans', 'deleteOrphan'],
    uses: 'orphan',
    writes: true,
    run: async (source, context) => {
      const { kind, id, run, epoch } = await context.orphan()
      const find = async (): Promise<OrphanedResource | undefined> =>
        (await must(perform(source, 'orphans'))).find((one) => one.kind === kind && one.id === id)
      const found = await find()
      assert.ok(found !== undefined, `${kind} ${id} of run ${run} is not listed as orphaned`)
      assert.equal(found.run, run)
      assert.equal(found.epoch, epoch)
      assert.ok(found.createdAt === null || Instant.is(found.createdAt), `invalid instant: ${found.createdAt}`)
      await must(perform(source, 'deleteOrphan', found))
      assert.equal(await find(), undefined, 'it is still there')
      await must(perform(source, 'deleteOrphan', found))
    },
  },
]
