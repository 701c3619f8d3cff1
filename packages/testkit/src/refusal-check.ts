import assert from 'node:assert/strict'
import { must, mustFail, NO_SUCH_ID, type Check } from './check.ts'
import { callOn, WRITING } from './method-arguments.ts'

/** What credentials that may only read must be answered. */
export const REFUSAL_CHECKS: readonly Check[] = WRITING.map((name) => ({
  name: `${name} is Forbidden to who may only read`,
  needs: [name],
  uses: 'refused',
  writes: false,
  run: async (source, { refused, server }) => {
    const id = await refused()
    const before = await must(source.get(id))
    await mustFail(source, 'Forbidden', callOn(source, name, { id, server: name === 'createFromServer' ? await server() : NO_SUCH_ID }))
    assert.deepEqual(await must(source.get(id)), before)
  },
}))
