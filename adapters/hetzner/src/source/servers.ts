import {
  decodeFailed,
  createErrorSite,
  type Abortable,
  type ImageResult,
  type ImageSource,
  type ServerSummary,
} from '@imago/core'
import type { HetznerServer } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import type { SourceContext } from './context.ts'

const OPERATION = 'servers'

const toSummary = ({ id, name, status }: HetznerServer): ServerSummary => ({
  id: String(id),
  name: name ?? null,
  status: status ?? null,
})

const serversFrom = (
  context: SourceContext,
  name: string | undefined,
  page: number,
  { signal }: Abortable,
): ImageResult<readonly ServerSummary[]> =>
  pipe(
    context.servers.list({ name, page, per_page: LARGEST_PAGE }, { operation: OPERATION, signal }),
    TE.flatMap(({ items, pagination }) => {
      const here = items.map(toSummary)
      const next = pagination.next_page ?? null
      if (next === null) return TE.right(here)
      if (next <= page) {
        const issues = [{ pointer: '/meta/pagination/next_page', expected: `more than ${page}`, got: String(next) }]
        return TE.left(
          decodeFailed(createErrorSite(context.session.cloud, OPERATION), {
            what: 'the list of servers runs in circles',
            issues,
          }),
        )
      }
      return pipe(
        serversFrom(context, name, next, { signal }),
        TE.map((others) => [...here, ...others]),
      )
    }),
  )

export const servers =
  (context: SourceContext): NonNullable<ImageSource['servers']> =>
  ({ name }, options = {}) =>
    serversFrom(context, name, 1, options)
