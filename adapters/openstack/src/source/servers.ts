import type { Abortable, ImageResult, ServerSummary } from '@imago/core'
import type { NovaServer } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { callOf, type SourceContext } from './context.ts'

const OPERATION = 'servers'

const toSummary = ({ id, name, status }: NovaServer): ServerSummary => ({
  id,
  name: name ?? null,
  status: status ?? null,
})

/** Nova reads a name as a regular expression, and by the database's own rules: all servers are listed, and compared here. */
export const servers =
  (context: SourceContext) =>
  (
    { name }: { readonly name?: string | undefined },
    options: Abortable = {},
  ): ImageResult<readonly ServerSummary[]> => {
    const from = (
      marker: string | null,
      before: readonly ServerSummary[],
      seen: ReadonlySet<string>,
    ): ImageResult<readonly ServerSummary[]> =>
      pipe(
        context.api.servers.list(marker === null ? {} : { marker }, callOf(OPERATION, options)),
        TE.flatMap((page) => {
          const all = [...before, ...page.items.map(toSummary)]
          return page.marker === null || seen.has(page.marker)
            ? TE.right(all)
            : from(page.marker, all, new Set([...seen, page.marker]))
        }),
      )
    return pipe(
      from(null, [], new Set()),
      TE.map((all) => (name === undefined ? all : all.filter((server) => server.name === name))),
    )
  }
