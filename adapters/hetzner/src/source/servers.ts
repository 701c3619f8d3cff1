import { createErrorSite, type ImageSource, type ServerSummary } from '@imago/core/provider'
import type { HetznerServer } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { collect } from './collect.ts'
import type { SourceContext } from './context.ts'

const toSummary = ({ id, name, status, labels }: HetznerServer): ServerSummary => ({
  id: String(id),
  name: name ?? null,
  status: status ?? null,
  labels: labels ?? {},
})

export const servers =
  (context: SourceContext): NonNullable<ImageSource['servers']> =>
  ({ name }, { signal } = {}) => {
    const operation = 'servers'
    return pipe(
      collect(createErrorSite(context.session.cloud, operation), 'servers', (page) =>
        context.servers.list({ name, page, per_page: LARGEST_PAGE }, { operation, signal }),
      ),
      TE.map((found) => found.map(toSummary)),
    )
  }
