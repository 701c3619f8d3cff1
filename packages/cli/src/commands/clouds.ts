import { chooseCloud, findClouds, shownPath, type Cloud, type Findings, type OpenstackRegion, type Origin, type Surroundings } from '@imago/config'
import { messageOf } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { NOTHING_CONFIGURED } from '../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { problemOf } from '../live-problem.ts'
import { column, type ColumnSet } from '../output/column.ts'
import { printRows, requestRows } from '../output/rows.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'
import type { CloudsOptions } from './clouds/options.ts'

/** One region of a cloud, or a cloud without regions, as it is printed. Never holds a secret. */
export interface CloudLine {
  readonly provider: string
  readonly name: string
  readonly region: string | null
  /** Whether the provider's own client would take this cloud, if none is named. */
  readonly isDefault: boolean
  /** Of the API at Hetzner, of Keystone at OpenStack; of Glance itself where nobody logs in. */
  readonly url: string | null
  readonly user: string | null
  readonly project: string | null
  /** How one logs in: an auth plugin, as clouds.yaml names it. */
  readonly auth: string
  readonly origin: readonly Origin[]
}

const wordOf = (ref: { readonly id: string } | { readonly name: string }): string => ('id' in ref ? ref.id : ref.name)

const userOf = ({ auth }: OpenstackRegion): string | null => {
  if (auth.kind !== 'keystone') return null
  for (const method of auth.methods) {
    if (method.method === 'application_credential') return `credential ${wordOf(method.credential)}`
    if (method.method !== 'token') return wordOf(method.user)
  }
  return null
}

const projectOf = ({ auth }: OpenstackRegion): string | null => {
  if (auth.kind === 'none' || auth.scope === null) return null
  switch (auth.scope.kind) {
    case 'project':
      return wordOf(auth.scope.project)
    case 'domain':
      return `domain ${wordOf(auth.scope.domain)}`
    case 'trust':
      return `trust ${auth.scope.id}`
    case 'system':
      return 'system'
  }
}

const linesOf = (cloud: Cloud): readonly CloudLine[] => {
  const { provider, name, isDefault, origin } = cloud
  if (cloud.provider === 'hetzner') return [{ provider, name, region: null, isDefault, url: cloud.endpoint, user: null, project: null, auth: 'token', origin }]
  return cloud.regions.map((region) => ({
    provider,
    name,
    region: region.name,
    isDefault,
    url: region.auth.kind === 'none' ? region.services.image.endpointOverride : region.auth.url,
    user: userOf(region),
    project: projectOf(region),
    auth: region.auth.type,
    origin,
  }))
}

/** More variables than this are counted, not listed. */
const MOST_VARIABLES = 2

const fromText = (origin: readonly Origin[], surroundings: Surroundings): string => {
  const files = origin.flatMap((one) => ('file' in one ? [shownPath(surroundings, one.file)] : []))
  const variables = origin.flatMap((one) => ('variable' in one ? [one.variable] : []))
  const more = variables.length - MOST_VARIABLES
  return [...files, ...variables.slice(0, MOST_VARIABLES), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const columnsOf = (surroundings: Surroundings): ColumnSet<CloudLine> => {
  const table = [
    column<CloudLine>('name', 'CLOUD', ({ name }) => name, { whole: true }),
    column<CloudLine>('provider', 'PROVIDER', ({ provider }) => provider, { minor: true }),
    column<CloudLine>('region', 'REGION', ({ region }) => region),
    column<CloudLine>('isDefault', 'DEFAULT', ({ isDefault }) => isDefault, { show: ({ isDefault }) => (isDefault ? 'yes' : '-'), minor: true }),
    column<CloudLine>('url', 'URL', ({ url }) => url),
    column<CloudLine>('user', 'USER', ({ user }) => user),
    column<CloudLine>('project', 'PROJECT', ({ project }) => project),
    column<CloudLine>('auth', 'AUTH', ({ auth }) => auth),
    column<CloudLine>('origin', 'FROM', ({ origin }) => fromText(origin, surroundings)),
  ]
  return { all: table, table, id: column('id', 'ID', ({ provider, name, region }) => `${provider}/${name}${region === null ? '' : `@${region}`}`) }
}

/** The clouds that `names` name, in that order; without a name, all. One that is not there ends the command. */
const cloudsNamed = (found: Findings, names: readonly string[]): readonly Cloud[] =>
  names.length === 0
    ? found.clouds
    : names.map((name) => {
        const chosen = chooseCloud(found, name)
        if (E.isLeft(chosen)) throw problemOf(chosen.left)
        return chosen.right
      })

/** `imago clouds`: the clouds that are configured, and where. Asks no server, prints no secret. */
export const clouds = async (names: readonly string[], options: CloudsOptions, surroundings: Surroundings, output: Output, talk: Output): Promise<ExitCode> => {
  const set = columnsOf(surroundings)
  const request = requestRows(set, options)
  const found = findClouds(surroundings, { trustDirectory: options.trustDirectory })
  const lines = cloudsNamed(found, names).flatMap(linesOf)
  for (const problem of found.problems) talk.write(`imago: ${visible(messageOf(problem))}\n`)
  for (const warning of found.warnings) talk.write(`imago: warning: ${visible(messageOf(warning))}\n`)
  if (lines.length === 0 && found.problems.length === 0) talk.write(`imago: ${NOTHING_CONFIGURED}\n`)
  await talk.end()
  const said = (one: (typeof found.problems)[number]) => ({ provider: one.provider, cloud: one.cloud, what: one.what, hint: one.hint })
  await printRows(set, request, lines, output, (rows) => ({ $schema: 'urn:imago:schema:clouds:1', clouds: rows, problems: found.problems.map(said), warnings: found.warnings.map(said) }))
  await output.end()
  return found.problems.length > 0 ? EXIT.error : EXIT.done
}
