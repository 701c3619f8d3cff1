import type { ImageResult, ErrorSite } from '@imago/core/provider'
import { collectPages } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HetznerPage } from '../api/page.ts'

/** All items of a list of the API. `what`: what is listed, for errors: `actions`. */
export const collect = <A>(
  site: ErrorSite,
  what: string,
  list: (page: number) => ImageResult<HetznerPage<A>>,
): ImageResult<readonly A[]> =>
  collectPages(site, what, 1, (page: number) =>
    pipe(
      list(page),
      TE.map(({ items, pagination }) => ({ items, next: pagination.next_page ?? null })),
    ),
  )
