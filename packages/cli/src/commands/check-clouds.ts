import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { AccountReport } from '../connect/access.ts'
import { chosenTargets } from '../connect/chosen-targets.ts'
import { identityOf, type Target } from '../connect/target.ts'
import type { ExitCode } from '../exit-code.ts'
import type { LiveContext, LiveOptions } from '../live.ts'
import { exitCodeOfErrors, sentenceOf } from '../live-problem.ts'
import { maskSecrets } from '../output/mask.ts'
import type { Output } from '../output/stream.ts'
import { createTable } from '../output/table.ts'
import { visibleJson } from '../output/visible.ts'
import { tellError } from '../tell.ts'

/** The options of `imago clouds --check`. */
export interface CheckCloudsOptions extends LiveOptions {
  readonly output: 'table' | 'json'
}

interface Checked {
  readonly target: Target
  readonly answer: E.Either<ImageError, AccountReport>
  readonly tookMs: number
}

const check = async (live: LiveContext, target: Target): Promise<Checked> => {
  const start = live.timing.clock()
  const access = await live.access(target)
  const answer = E.isLeft(access) ? access : await access.right.check({ signal: live.signal })()
  return { target, answer, tookMs: Math.round(live.timing.clock() - start) }
}

/** The address that images come from, and its newest version. */
const imageService = ({ services }: AccountReport) => services.find(({ service }) => service === 'image' || service === 'api')

const writeTable = (checked: readonly Checked[], output: Output): void => {
  const table = createTable(output, [{ title: 'CLOUD' }, { title: 'PROVIDER' }, { title: 'REGION' }, { title: 'WORKS' }, { title: 'USER' }, { title: 'PROJECT' }, { title: 'IMAGES AT' }, { title: 'VERSION' }, { title: 'TIME', align: 'right' }])
  for (const { target, answer, tookMs } of checked) {
    const { provider, cloud, region } = identityOf(target)
    const report = E.isRight(answer) ? answer.right : null
    const service = report === null ? undefined : imageService(report)
    table.row([cloud ?? '-', provider, region ?? '-', report === null ? 'no' : 'yes', report?.user ?? '-', report?.project ?? '-', maskSecrets(service?.url ?? '-'), service?.versions[0] ?? '-', `${tookMs} ms`])
  }
  table.end()
}

const said = (error: ImageError | null) => (error === null ? null : { kind: error._tag, message: sentenceOf(error) })

const jsonOf = ({ target, answer, tookMs }: Checked) => {
  const { provider, cloud, region } = identityOf(target)
  const works = E.isRight(answer)
  const { user, project, roles, expiresAt, services } = works ? answer.right : { user: null, project: null, roles: [], expiresAt: null, services: [] }
  const states = services.map(({ service, url, versions, error }) => ({ service, url, versions, error: said(error) }))
  return { provider, name: cloud, region, works, error: works ? null : said(answer.left), user, project, roles, expiresAt, services: states, tookMs }
}

/** `imago clouds --check`: logs in to clouds, all at the same time, and says what works. */
export const checkClouds = async (names: readonly string[], options: CheckCloudsOptions, live: LiveContext): Promise<ExitCode> => {
  const { targets, errors: unusable } = chosenTargets(live, names)
  for (const error of unusable) tellError(live.talk, error)
  const checked = await Promise.all(targets.map((target) => check(live, target)))
  const failures = checked.flatMap(({ answer }) => (E.isLeft(answer) ? [answer.left] : []))
  for (const error of failures) tellError(live.talk, error)
  await live.talk.end()
  if (options.output === 'json') {
    const text = maskSecrets(JSON.stringify({ $schema: 'urn:imago:schema:check:1', clouds: checked.map(jsonOf), problems: unusable.map(said) }, null, 2))
    live.output.write(`${live.output.isTerminal ? visibleJson(text) : text}\n`)
  } else writeTable(checked, live.output)
  await live.output.end()
  return exitCodeOfErrors([...unusable, ...failures])
}
