import assert from 'node:assert/strict'
import type { CapabilityName } from '@imago/core/provider'
import { mustFail, NO_SUCH_ID, type Check } from './check.ts'
import { callOn, isWriting, NOWHERE } from './method-arguments.ts'

/** Reading methods without an ID argument. */
const WITHOUT_ID: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'owner',
  'servers',
  'estimate',
  'uploadLimits',
  'orphans',
  'usage',
  'prices',
])

/** Methods that need more than an image to look up: they have their own checks. */
const CHECKED_ELSEWHERE: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'create',
  'createFromServer',
  'createFromBytes',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
])

/** Checks of arguments that every method refuses: unknown IDs and aborted signals. */
export const ARGUMENT_CHECKS: readonly Check[] = [
  {
    name: 'an unknown ID is NotFound in every reading method',
    promises: ['not-found', 'error-site'],
    needs: [],
    writes: false,
    run: async (source) => {
      assert.equal((await mustFail(source, 'NotFound', source.get(NO_SUCH_ID))).operation, 'get')
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one) && !WITHOUT_ID.has(one)))
        assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an unknown ID is NotFound in every writing method',
    promises: ['not-found', 'error-site'],
    needs: [],
    writes: true,
    unless: ({ operations }) =>
      operations.some((name) => isWriting(name) && !CHECKED_ELSEWHERE.has(name))
        ? null
        : 'no method changes an image by its id',
    run: async (source) => {
      for (const name of source.capabilities.operations.filter((one) => isWriting(one) && !CHECKED_ELSEWHERE.has(one)))
        assert.equal((await mustFail(source, 'NotFound', callOn(source, name, NOWHERE))).operation, name)
    },
  },
  {
    name: 'an aborted signal is Aborted',
    promises: ['abort', 'error-site'],
    needs: [],
    writes: false,
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const work of [
        source.get(NO_SUCH_ID, { signal }),
        source.listPage({}, null, { signal }),
        source.probe({ signal }),
      ])
        await mustFail(source, 'Aborted', work)
      for (const name of source.capabilities.operations.filter((one) => !isWriting(one)))
        assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
  {
    name: 'an aborted signal is Aborted, and writes nothing',
    promises: ['abort', 'error-site'],
    needs: [],
    writes: true,
    unless: ({ operations }) => (operations.some(isWriting) ? null : 'it only reads'),
    run: async (source) => {
      const signal = AbortSignal.abort()
      for (const name of source.capabilities.operations.filter(isWriting))
        assert.equal((await mustFail(source, 'Aborted', callOn(source, name, NOWHERE, { signal }))).operation, name)
    },
  },
]
