import {
  displayPath,
  type CloudRow,
  type DiscoveredClouds,
  type Environment,
  type ConfigOrigin,
  type Provider,
  type ProviderCloud,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { nothingConfigured, withCloudSuggestion } from '../../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { chooseClouds } from 'imago/clouds'
import { formatErrorLine, toProblem } from '../../live-problem.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import type { Output } from '../../output/stream.ts'
import { visible } from '../../output/visible.ts'
import type { CloudsOptions } from './options.ts'

/** The configured clouds and their providers. */
export interface ConfiguredClouds {
  readonly providers: readonly Provider[]
  readonly discovered: DiscoveredClouds
}

/** A row: one region of a cloud, or a cloud without regions. Never contains a secret. */
interface CloudLine extends CloudRow {
  readonly provider: string
  readonly name: string
  readonly region: string | null
  /** Whether the provider's own client uses this cloud by default. */
  readonly isDefault: boolean
  readonly origin: readonly ConfigOrigin[]
}

const NOTHING: CloudRow = { url: null, user: null, project: null, auth: '-' }

const toLine =
  (providers: readonly Provider[]) =>
  (cloud: ProviderCloud): CloudLine => {
    const { provider, name, region, isDefault, origin } = cloud
    const { url, user, project, auth } = providers.find((one) => one.name === provider)?.describe(cloud) ?? NOTHING
    return { provider, name, region, isDefault, url, user, project, auth, origin }
  }

/** More variables than this are counted, not listed. */
const MAX_VARIABLES = 2

const fromText = (origin: readonly ConfigOrigin[], environment: Environment): string => {
  const files = origin.flatMap((one) => ('file' in one ? [displayPath(environment, one.file)] : []))
  const variables = origin.flatMap((one) => ('variable' in one ? [one.variable] : []))
  const more = variables.length - MAX_VARIABLES
  return [...files, ...variables.slice(0, MAX_VARIABLES), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const createColumns = (environment: Environment): ColumnSet<CloudLine> => {
  const table = [
    column<CloudLine>('name', 'CLOUD', ({ name }) => name, { whole: true }),
    column<CloudLine>('provider', 'PROVIDER', ({ provider }) => provider, { minor: true }),
    column<CloudLine>('region', 'REGION', ({ region }) => region),
    column<CloudLine>('isDefault', 'DEFAULT', ({ isDefault }) => isDefault, {
      show: ({ isDefault }) => (isDefault ? 'yes' : '-'),
      minor: true,
    }),
    column<CloudLine>('url', 'URL', ({ url }) => url),
    column<CloudLine>('user', 'USER', ({ user }) => user),
    column<CloudLine>('project', 'PROJECT', ({ project }) => project),
    column<CloudLine>('auth', 'AUTH', ({ auth }) => auth),
    column<CloudLine>('origin', 'FROM', ({ origin }) => fromText(origin, environment)),
  ]
  return {
    all: table,
    table,
    id: column('id', 'ID', ({ provider, name, region }) => `${provider}/${name}${region === null ? '' : `@${region}`}`),
  }
}

/** The named clouds, in that order; without names, all. An unknown name ends the command. */
const cloudsNamed = ({ discovered, providers }: ConfiguredClouds, names: readonly string[]): readonly ProviderCloud[] =>
  names.length === 0
    ? discovered.clouds
    : names.flatMap((name) => {
        const chosen = chooseClouds(discovered, providers, name)
        if (E.isLeft(chosen)) throw toProblem(withCloudSuggestion(chosen.left, name, discovered))
        return chosen.right
      })

/** `imago clouds`: lists the configured clouds. Sends no requests and prints no secrets. */
export const clouds = async (
  names: readonly string[],
  options: CloudsOptions,
  configured: ConfiguredClouds,
  environment: Environment,
  output: Output,
  messages: Output,
): Promise<ExitCode> => {
  const set = createColumns(environment)
  const request = requestRows(set, options)
  const { providers, discovered } = configured
  const lines = cloudsNamed(configured, names).map(toLine(providers))
  for (const problem of discovered.problems) messages.write(`imago: ${visible(formatErrorLine(problem))}\n`)
  for (const warning of discovered.warnings) messages.write(`imago: warning: ${visible(formatErrorLine(warning))}\n`)
  if (lines.length === 0 && discovered.problems.length === 0) messages.write(`imago: ${nothingConfigured(providers)}\n`)
  await messages.end()
  const toProblemDocument = (one: (typeof discovered.problems)[number]) => ({
    provider: one.provider,
    cloud: one.cloud,
    what: one.what,
    hint: one.hint,
  })
  await printRows(set, request, lines, output, (rows) => ({
    $schema: 'urn:imago:schema:clouds:1',
    clouds: rows,
    problems: discovered.problems.map(toProblemDocument),
    warnings: discovered.warnings.map(toProblemDocument),
  }))
  await output.end()
  return discovered.problems.length > 0 ? EXIT.error : EXIT.done
}
