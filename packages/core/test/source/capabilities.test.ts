import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { deriveCapabilities, withoutOperations } from '../../src/source/capabilities.ts'
import { CAPABILITY_NAMES } from '../../src/capability-names.ts'
import { SITE } from '../paged-source.ts'
import { unavailable } from '../../src/error/image-error.ts'

const method = (): TE.TaskEither<ReturnType<typeof unavailable>, never> =>
  TE.left(unavailable(SITE, { what: 'not called' }))

describe('deriveCapabilities', () => {
  it('returns the present methods in the order of CAPABILITY_NAMES', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...CAPABILITY_NAMES]), (names) => {
        const methods = Object.fromEntries(names.map((name) => [name, method]))
        expect(deriveCapabilities(methods).operations).toEqual(CAPABILITY_NAMES.filter((name) => names.includes(name)))
      }),
    )
  })

  it('returns empty defaults for undeclared capabilities', () => {
    expect(deriveCapabilities({})).toEqual({
      operations: [],
      filters: [],
      changes: [],
      digests: [],
      limits: { pageSize: null, uploadBytes: null },
      costs: {},
    })
    expect(deriveCapabilities({}, { filters: ['name'], digests: ['sha512'] })).toMatchObject({
      filters: ['name'],
      digests: ['sha512'],
    })
  })

  it('ignores declared operations', () => {
    const declared = { filters: [], operations: ['upload'] }
    expect(deriveCapabilities({ delete: method }, declared).operations).toEqual(['delete'])
  })
})

describe('withoutOperations', () => {
  it('removes the changes and costs of the operations too', () => {
    const cost = { requests: 1, billed: false, long: false }
    const all = deriveCapabilities(
      { update: method, delete: method, hide: method },
      { changes: ['name'], filters: ['name'], costs: { update: cost, hide: cost, get: cost } },
    )
    expect(withoutOperations(all, ['update', 'delete'])).toEqual({
      ...all,
      operations: ['hide'],
      changes: [],
      costs: { hide: cost, get: cost },
    })
    expect(withoutOperations(all, ['delete']).changes).toEqual(['name'])
  })
})
