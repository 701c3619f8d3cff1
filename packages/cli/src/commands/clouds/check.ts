import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { formatCloud, toIdentity, type AccountReport, type ProviderCloud, type ServiceState } from '@imago/provider-kit'
import type { ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode, formatErrorLine } from '../../live-problem.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { printError } from '../../message.ts'
import type { CloudsOptions } from './options.ts'

interface Checked {
  /** The provider's image service; `null`: the provider has only one service. */
  readonly imageService: string | null
  readonly target: ProviderCloud
  readonly result: E.Either<ImageError, AccountReport>
  readonly tookMs: number
}

const check = async (live: LiveContext, target: ProviderCloud): Promise<Checked> => {
  const start = live.timing.clock()
  const access = await live.access(target)
  const result = E.isLeft(access) ? access : await access.right.check({ signal: live.signal })()
  const [imageService = null] = live.providers.find(({ name }) => name === target.provider)?.services ?? []
  return { imageService, target, result, tookMs: Math.round(live.timing.clock() - start) }
}

/** The report of a cloud that works. */
const getReport = ({ result }: Checked): AccountReport | null => (E.isRight(result) ? result.right : null)

/** The service that returns images. */
const findImageService = (checked: Checked): ServiceState | undefined => {
  const services = getReport(checked)?.services ?? []
  return services.find(({ service }) => service === checked.imageService) ?? services[0]
}

const COLUMNS = ((): ColumnSet<Checked> => {
  const table = [
    column<Checked>('name', 'CLOUD', ({ target }) => toIdentity(target).cloud, { whole: true }),
    column<Checked>('provider', 'PROVIDER', ({ target }) => target.provider),
    column<Checked>('region', 'REGION', ({ target }) => toIdentity(target).region ?? null),
    column<Checked>('works', 'STATUS', ({ result }) => E.isRight(result), {
      show: ({ result }) => (E.isRight(result) ? 'ok' : 'failed'),
    }),
    column<Checked>('user', 'USER', (one) => getReport(one)?.user ?? null),
    column<Checked>('project', 'PROJECT', (one) => getReport(one)?.project ?? null),
    column<Checked>('url', 'IMAGE SERVICE', (one) => findImageService(one)?.url ?? null),
    column<Checked>('version', 'VERSION', (one) => findImageService(one)?.versions[0] ?? null),
    column<Checked>('tookMs', 'TIME', ({ tookMs }) => tookMs, { align: 'right', show: ({ tookMs }) => `${tookMs} ms` }),
  ]
  return { all: table, table, id: column('id', 'ID', ({ target }) => formatCloud(toIdentity(target))) }
})()

const toErrorDocument = (error: ImageError | null) =>
  error === null ? null : { kind: error._tag, message: formatErrorLine(error) }

const toJson = ({ target, result, tookMs }: Checked) => {
  const { provider, cloud, region } = toIdentity(target)
  const works = E.isRight(result)
  const { user, project, roles, expiresAt, services } = works
    ? result.right
    : { user: null, project: null, roles: [], expiresAt: null, services: [] }
  const states = services.map(({ service, url, versions, error }) => ({
    service,
    url,
    versions,
    error: toErrorDocument(error),
  }))
  return {
    provider,
    name: cloud,
    region,
    works,
    error: works ? null : toErrorDocument(result.left),
    user,
    project,
    roles,
    expiresAt,
    services: states,
    tookMs,
  }
}

/** `imago clouds --check`: logs in to the clouds concurrently, and reports which work. */
export const checkClouds = async (
  names: readonly string[],
  options: CloudsOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const { targets, errors: unusable } = chosenTargets(live, names)
  for (const error of unusable) printError(live.messages, error)
  const checked = await Promise.all(targets.map((target) => check(live, target)))
  const failures = checked.flatMap(({ result }) => (E.isLeft(result) ? [result.left] : []))
  for (const error of failures) printError(live.messages, error)
  await live.messages.end()
  await printRows(COLUMNS, request, checked, live.output, (rows) => ({
    $schema: 'urn:imago:schema:check:1',
    clouds: rows.map(toJson),
    problems: unusable.map(toErrorDocument),
  }))
  await live.output.end()
  return errorsToExitCode([...unusable, ...failures])
}
