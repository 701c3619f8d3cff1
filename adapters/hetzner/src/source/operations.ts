import type { Abortable, ImageResult, ErrorSite, ImageSource, Operation } from '@imago/core'
import { decodeFailed } from '@imago/core'
import type { HetznerAction } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { readOperation, withId, type SourceContext } from './context.ts'

/** All actions of an image from a page on, the newest first. */
const actionsFrom = (
  context: SourceContext,
  id: number,
  site: ErrorSite,
  page: number,
  { signal }: Abortable,
): ImageResult<readonly HetznerAction[]> =>
  pipe(
    context.images.actions(
      id,
      { sort: ['id:desc'], page, per_page: LARGEST_PAGE },
      { operation: 'operations', signal },
    ),
    TE.flatMap(({ items, pagination }) => {
      const next = pagination.next_page ?? null
      if (next === null) return TE.right(items)
      if (next <= page)
        return TE.left(
          decodeFailed(site, {
            what: 'the list of actions runs in circles',
            issues: [{ pointer: '/meta/pagination/next_page', expected: `more than ${page}`, got: String(next) }],
          }),
        )
      return pipe(
        actionsFrom(context, id, site, next, { signal }),
        TE.map((others) => [...items, ...others]),
      )
    }),
  )

export const operations =
  (context: SourceContext): NonNullable<ImageSource['operations']> =>
  (id, { signal } = {}) =>
    withId(context, { operation: 'operations', kind: 'image', id, signal }, (number, site) =>
      pipe(
        actionsFrom(context, number, site, 1, { signal }),
        TE.map((actions): readonly Operation[] => actions.map(readOperation(context))),
      ),
    )

export const operation =
  (context: SourceContext): NonNullable<ImageSource['operation']> =>
  (id, { signal } = {}) =>
    withId(context, { operation: 'operation', kind: 'operation', id, signal }, (number) =>
      pipe(context.actions.get(number, { operation: 'operation', signal }), TE.map(readOperation(context))),
    )
