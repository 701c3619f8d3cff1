import { readWantedImages, resolve, type ConsideredImage, type Resolution, type Requirement } from '@imago/lock'
import { formatCloud, formatImageRef, toIdentity, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { formatFlag } from '../../command-line/option.ts'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { mergeExitCodes, toProblem } from '../../live-problem.ts'
import { isoNow } from '../../lock/now.ts'
import { observeCloud } from '../../lock/observe-cloud.ts'
import { candidateLine, refusalText } from '../../lock/resolution-text.ts'
import { printLines, printMessage } from '../../message.ts'
import { column, columnSet, instantColumn } from '../../output/column.ts'
import { count } from '../../output/count.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import { visible } from '../../output/visible.ts'
import { Problem } from '../../problem.ts'
import { requirementOptions, type ResolveOptions } from './options.ts'

/** The image picked on a cloud. */
interface Row extends ConsideredImage {
  readonly isPicked: boolean
}

const toResult = ({ isPicked, refusals }: Row): string =>
  isPicked ? 'picked' : refusals.length === 0 ? 'usable' : 'refused'

const COLUMNS = columnSet<Row>('id', [
  column('result', 'RESULT', toResult),
  column('cloud', 'CLOUD', ({ image }) => formatCloud(image.ref)),
  column('id', 'ID', ({ image }) => image.ref.id, { whole: true }),
  column('name', 'NAME', ({ image }) => image.name ?? image.description),
  column('kind', 'KIND', ({ image }) => image.kind),
  column('architecture', 'ARCH', ({ image }) => image.architecture),
  column('version', 'VERSION', ({ image }) => image.os.version, { minor: true }),
  instantColumn('createdAt', 'CREATED', ({ image }) => image.createdAt),
  column('why', 'WHY NOT', (row) => refusalText(row)),
])

/** Parses the requirement of a command line with the parser of images files. */
const parseRequirement = (want: string, options: ResolveOptions): Requirement => {
  const stated = Object.fromEntries(
    Object.keys(requirementOptions).flatMap((name) => {
      const value = options[name as keyof typeof requirementOptions]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const wanted = readWantedImages({ images: { image: { want, on: options.on, ...stated } } })
  if (E.isRight(wanted) && wanted.right.images[0] !== undefined) return wanted.right.images[0].requirement
  const [issue] = E.isLeft(wanted) ? wanted.left : []
  const [, , , key = 'want'] = issue?.pointer.split('/') ?? []
  throw new Problem(
    `${key === 'want' ? `invalid requirement ${JSON.stringify(want)}` : formatFlag(key)}: ${issue?.problem ?? 'cannot be read'}`,
    EXIT.usage,
  )
}

interface Resolved {
  readonly target: ProviderCloud
  readonly resolution: Resolution
}

const resolveOn = async (live: LiveContext, target: ProviderCloud, requirement: Requirement): Promise<Resolved> => {
  const { observed, error } = await observeCloud(live, target)
  if (error !== null) throw toProblem(error)
  const { completeness, reason } = observed.images
  if (completeness !== 'read')
    throw new Problem(`${formatCloud(toIdentity(target))}: not all images could be read: ${reason ?? 'unknown reason'}`)
  return { target, resolution: resolve(requirement, observed, { now: isoNow(live) }) }
}

const toDocument = (want: string, all: readonly Resolved[]) => ({
  $schema: 'urn:imago:schema:resolution:1',
  want,
  clouds: all.map(({ target, resolution }) => ({
    cloud: formatCloud(toIdentity(target)),
    outcome: resolution.outcome,
    id: resolution.outcome === 'resolved' ? resolution.image.ref.id : null,
    differ: resolution.outcome === 'ambiguous' ? resolution.differ : [],
    candidates: resolution.candidates.map(({ image, fit, refusals }) => ({
      ref: image.ref,
      name: image.name,
      kind: image.kind,
      architecture: image.architecture,
      version: image.os.version,
      createdAt: image.createdAt,
      fit,
      refusals,
    })),
  })),
})

/** Reports why no image was picked on a cloud. */
const report = (
  { messages }: LiveContext,
  want: string,
  { target, resolution }: Resolved,
  isWhy: boolean,
): ExitCode => {
  const where = `${want} on ${formatCloud(toIdentity(target))}`
  if (resolution.outcome === 'resolved') return EXIT.done
  if (resolution.outcome === 'none') {
    const { length } = resolution.candidates
    printMessage(
      messages,
      `imago: ${where}: ${length === 0 ? `no image matches. To list the images: imago list ${formatCloud(toIdentity(target))}` : `no image can be used: ${count(length, 'candidate')} refused${isWhy ? '' : '. To see why, add --why'}`}`,
    )
    return EXIT.notFound
  }
  const hint =
    resolution.differ[0] === 'identity'
      ? 'Name one by its ID, or add --pick newest'
      : `They differ in: ${resolution.differ.join(', ')}. Make the requirement more specific, restrict --trust or --kind, or name one image by its ID`
  printMessage(messages, `imago: ${where}: several images match. ${hint}:`)
  const both = resolution.candidates.filter(({ image }) => resolution.images.includes(image))
  printLines(messages, both.map(candidateLine).join('\n'))
  return EXIT.notFound
}

/** `imago resolve`: prints the image that a want resolves to on each cloud. None, or several, is exit code 3. */
export const resolveWant = async (want: string, options: ResolveOptions, live: LiveContext): Promise<ExitCode> => {
  const isWhy = options.why === true
  const output = isWhy && options.output === 'id' && options.quiet !== true ? 'table' : options.output
  const request = requestRows(COLUMNS, { ...options, output })
  const requirement = parseRequirement(want, options)
  const { targets, errors } = chosenTargets(live, options.on)
  if (errors[0] !== undefined) throw toProblem(errors[0])
  const all = await Promise.all(targets.map((target) => resolveOn(live, target, requirement)))
  const picked = new Set(all.flatMap(({ resolution }) => (resolution.outcome === 'resolved' ? [resolution.image] : [])))
  const rows = all
    .flatMap(({ resolution }) => resolution.candidates)
    .map((one): Row => ({ ...one, isPicked: picked.has(one.image) }))
    .filter(({ isPicked }) => isWhy || isPicked)
  if (request.format === 'address')
    for (const { image } of rows) live.output.write(`${visible(formatImageRef(image.ref))}\n`)
  else await printRows(COLUMNS, request, rows, live.output, () => toDocument(want, all))
  const codes = all.map((one) => report(live, want, one, isWhy))
  await live.output.end()
  await live.messages.end()
  return mergeExitCodes(codes.filter((code) => code !== EXIT.done))
}
