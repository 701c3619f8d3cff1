import assert from 'node:assert/strict'
import { must, mustFail, type Check } from './check.ts'
import { callOn, NOWHERE, WRITING } from './method-arguments.ts'

/** Checks that read-only credentials receive `Forbidden` from every writing method. */
export const REFUSAL_CHECKS: readonly Check[] = WRITING.map((name) => ({
  name: `${name} is Forbidden for read-only credentials`,
  promises: ['credentials'],
  needs: [name],
  uses: 'refused',
  writes: false,
  run: async (source, { refused, server, url, stores }) => {
    const id = await refused()
    const before = await must(source.get(id))
    const target = {
      ...NOWHERE,
      id,
      ...(name === 'createFromServer' ? { server: await server() } : {}),
      ...(name === 'importFromUrl' ? { url: await url() } : {}),
      ...(name === 'copyToStore' ? { stores: await stores() } : {}),
    }
    await mustFail(source, 'Forbidden', callOn(source, name, target))
    assert.deepEqual(await must(source.get(id)), before)
  },
}))
