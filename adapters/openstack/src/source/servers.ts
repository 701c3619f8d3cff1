import type { Abortable, ImageResult, ServerSummary } from '@imago/core/provider'
import { collectPages } from '@imago/provider-kit/live'
import type { NovaServer } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toCallOptions, createSite, type SourceContext } from './context.ts'

const OPERATION = 'servers'

const toSummary = ({ id, name, status, metadata }: NovaServer): ServerSummary => ({
  id,
  name: name ?? null,
  status: status ?? null,
  labels: metadata ?? {},
})

/** Nova interprets a name as a regular expression of its database, so all servers are listed and names are compared here. */
export const servers =
  (context: SourceContext) =>
  ({ name }: { readonly name?: string | undefined }, options: Abortable = {}): ImageResult<readonly ServerSummary[]> =>
    pipe(
      collectPages<ServerSummary, string | null>(createSite(context, OPERATION), 'servers', null, (marker) =>
        pipe(
          context.api.servers.list(marker === null ? {} : { marker }, toCallOptions(OPERATION, options)),
          TE.map((page) => ({ items: page.items.map(toSummary), next: page.marker })),
        ),
      ),
      TE.map((all) => (name === undefined ? all : all.filter((server) => server.name === name))),
    )
