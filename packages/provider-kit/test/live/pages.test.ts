import { describe, expect, it } from '@jest/globals'
import { createErrorSite } from '@imago/core/provider'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { collectPages } from '../../src/live/index.ts'

const site = createErrorSite({ provider: 'small', cloud: null }, 'operations')

describe('collectPages', () => {
  it('returns all items in their order, for any page size', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat()), { minLength: 1 }), async (pages) => {
        const all = collectPages(site, 'actions', 0, (page: number) =>
          TE.right({ items: pages[page] ?? [], next: page + 1 < pages.length ? page + 1 : null }),
        )
        expect(await all()).toEqual(E.right(pages.flat()))
      }),
    ))

  it('fails when a page refers to an earlier one', async () => {
    const all = collectPages<number, string | null>(site, 'actions', null, (marker) =>
      TE.right({ items: [1], next: marker === null ? 'a' : marker === 'a' ? 'b' : 'a' }),
    )
    expect(await all()).toMatchObject(
      E.left({ _tag: 'DecodeFailed', what: 'the list of actions does not end: a page refers to an earlier one' }),
    )
  })

  it('fails with the error of a page', async () => {
    const error = { _tag: 'Aborted', ...site, what: 'interrupted' } as never
    const all = collectPages(site, 'actions', 1, (page: number) =>
      page === 1 ? TE.right({ items: [1], next: 2 }) : TE.left(error),
    )
    expect(await all()).toEqual(E.left(error))
  })
})
