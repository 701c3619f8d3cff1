import type { ExitCode } from '../../exit-code.ts'
import { parseLabelConditions } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode } from '../../live-problem.ts'
import { printError } from '../../message.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { findServers, type FoundServer } from '../../servers/find-servers.ts'
import type { ServersOptions } from './options.ts'

const formatLabels = ({ server: { labels } }: FoundServer): string =>
  Object.entries(labels)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(', ')

const COLUMNS: ColumnSet<FoundServer> = (() => {
  const id = column<FoundServer>('id', 'ID', ({ server }) => server.id, { whole: true })
  const table = [
    column<FoundServer>('cloud', 'CLOUD', ({ source }) => source.cloud.cloud),
    id,
    column<FoundServer>('name', 'NAME', ({ server }) => server.name),
    column<FoundServer>('status', 'STATUS', ({ server }) => server.status),
    column<FoundServer>('labels', 'LABELS', formatLabels),
  ]
  const more = [
    column<FoundServer>('region', 'REGION', ({ source }) => source.cloud.region),
    column<FoundServer>('provider', 'PROVIDER', ({ source }) => source.cloud.provider),
  ]
  return { all: [...table, ...more], table, csv: [...table, ...more], id }
})()

/** `imago servers`: lists the servers of clouds. A cloud that fails is reported, and the others are listed. */
export const servers = async (
  names: readonly string[],
  options: ServersOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const conditions = { names: options.name, labels: options.label?.map(parseLabelConditions) }
  const { found, errors } = await findServers(live, names, conditions)
  for (const error of errors) printError(live.messages, error)
  await printRows(COLUMNS, request, found, live.output, (rows) => ({
    $schema: 'urn:imago:schema:servers:1',
    servers: rows.map(({ source: { cloud }, server }) => ({ ...cloud, ...server })),
  }))
  await live.output.end()
  await live.messages.end()
  return errorsToExitCode(errors)
}
