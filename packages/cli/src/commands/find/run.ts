import {
  ambiguous,
  findAll,
  isBefore,
  createMatcher,
  notFound,
  pages,
  createErrorSite,
  type Candidate,
  type Image,
  type ImageError,
  type ImageKind,
  type Query,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { formatCloud, formatImageRef, type ProviderCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { resolveQuery, givenSelection, parseSelection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { toProblem } from '../../live-problem.ts'
import { createImages, requestImages, type ImageRequest } from '../../output/images.ts'
import type { Output } from '../../output/stream.ts'
import { visible } from '../../output/visible.ts'
import { parseImageAddress, providersFor, openSource, resolveTargets, type ImageAddress } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import type { SelectionOptions } from '../../options/selection.ts'
import type { FindImageOptions } from './options.ts'

/** How what was found is to be printed. */
type FoundRequest = ImageRequest

/** Whether choosing and naming an image is all: its fields are neither printed nor sorted by. */
const isBrief = ({ format, order }: FoundRequest): boolean =>
  (format === 'id' || format === 'address') && order === null

const HOW =
  'Give the address of an image ([provider/]cloud[@region]:image), or say what to look for (--os, --name, --label …)'

const PICKS = ['newest', 'first', 'all'] as const

/** The selection options that go with a address: what tells images of one name apart. */
const WITH_PLACE: ReadonlySet<keyof SelectionOptions> = new Set(['arch', 'kind', 'status'] as const)

const checkOptions = (address: string | undefined, options: FindImageOptions): void => {
  const picks = PICKS.filter((pick) => options[pick] === true)
  if (picks.length > 1) throw new Problem(`--${picks.join(' and --')} exclude each other`, EXIT.usage)
  const given = givenSelection(options)
  if (address === undefined && given.length === 0) throw new Problem(`nothing says which image. ${HOW}`, EXIT.usage)
  if (address !== undefined && (given.some((name) => !WITH_PLACE.has(name)) || options.cloud !== undefined))
    throw new Problem(`a address goes with --arch, --kind and --status, and no other filter. ${HOW}`, EXIT.usage)
}

/** What a server is made from. A snapshot or backup is of one server, and is not meant unless it is asked for. */
const USUAL_KINDS: readonly ImageKind[] = ['system', 'app', 'image']

/** What `--newest` chooses among, unless the options say otherwise. */
const usual = ({ newest, kind, status }: FindImageOptions): Pick<Query, 'kind' | 'status'> =>
  newest === true
    ? { ...(kind === undefined ? { kind: USUAL_KINDS } : {}), ...(status === undefined ? { status: 'available' } : {}) }
    : {}

/** Gives what fits; any error but that nothing does ends the command: a cloud that was not asked might hold a better one. */
const fitting = (answer: E.Either<ImageError, readonly Image[]>): readonly Image[] => {
  if (E.isRight(answer)) return answer.right
  if (answer.left._tag === 'NotFound') return []
  throw toProblem(answer.left)
}

const findAtAddress = async (
  live: LiveContext,
  { cloud, image }: ImageAddress,
  options: FindImageOptions,
): Promise<readonly Candidate[]> => {
  const targets = resolveTargets(live, cloud)
  const { kind, status, arch } = options
  const { query } = parseSelection(
    { kind, status, arch },
    { now: live.timing.clock(), providers: providersFor(live, targets) },
  )
  const fits = createMatcher({ ...query, ...usual(options), hidden: 'include' })
  const { architecture } = query
  const found = await Promise.all(
    targets.map(async (target) =>
      fitting(await findAll(await openSource(live, target), { ...image, architecture }, { signal: live.signal })()),
    ),
  )
  return found.flat().filter(fits)
}

const isNewer = (one: Candidate, other: Candidate): boolean =>
  one.createdAt !== null && (other.createdAt === null || isBefore(other.createdAt, one.createdAt))

const getKind = (candidate: Candidate): ImageKind | null => ('kind' in candidate ? (candidate as Image).kind : null)

/** What was made last of each kind; of two that were made at the same time, the first. One that does not say when is older than all that do. */
const newestOfKinds = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const best = new Map<ImageKind | null, Candidate>()
  for (const one of candidates) {
    const known = best.get(getKind(one))
    if (known === undefined || isNewer(one, known)) best.set(getKind(one), one)
  }
  return [...best.values()]
}

const findNewest = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates
    .slice(1)
    .reduce((best, one) => (best[0] !== undefined && isNewer(one, best[0]) ? [one] : best), candidates.slice(0, 1))

/** What choosing among candidates and naming them takes, without the record. */
const summary = ({ ref, name, architecture, createdAt }: Candidate): Candidate => ({
  ref,
  name,
  architecture,
  createdAt,
})

/** Adds an image that fits to what is kept: of very many, no more than choosing and printing take. */
const keep = (
  candidates: Candidate[],
  image: Image,
  { newest, all }: FindImageOptions,
  request: FoundRequest,
): void => {
  if (newest === true) {
    candidates.splice(0, candidates.length, ...newestOfKinds([...candidates, image]))
    return
  }
  const isPrinted = candidates.length === 0 || (all === true && !isBrief(request))
  candidates.push(isPrinted ? image : summary(image))
}

const amongAll = async (
  live: LiveContext,
  options: FindImageOptions,
  request: FoundRequest,
): Promise<readonly Candidate[]> => {
  const { targets, errors } = chosenTargets(live, options.cloud ?? [])
  const selection = parseSelection(options, { now: live.timing.clock(), providers: providersFor(live, targets) })
  if (errors[0] !== undefined) throw toProblem(errors[0])
  const listed = async (target: ProviderCloud): Promise<readonly Candidate[]> => {
    const candidates: Candidate[] = []
    const source = await openSource(live, target)
    const query = await resolveQuery(
      source,
      { ...selection, query: { ...selection.query, ...usual(options) } },
      { signal: live.signal },
    )()
    if (E.isLeft(query)) throw toProblem(query.left)
    for await (const answer of pages(source, query.right, {
      signal: live.signal,
      limit: options.first === true ? 1 : undefined,
    })) {
      if (E.isLeft(answer)) return fitting(answer)
      for (const image of answer.right.items) keep(candidates, image, options, request)
    }
    return candidates
  }
  return (await Promise.all(targets.map(listed))).flat()
}

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'find')

/** The newest of the candidates. Where no kind was asked for and several fit, nothing says which is meant. */
const newestPicked = (candidates: readonly Candidate[], { kind }: FindImageOptions): readonly Candidate[] => {
  const best = newestOfKinds(candidates)
  if (kind !== undefined || best.length < 2) return findNewest(best)
  throw toProblem(
    ambiguous(SITE, {
      what: `images of ${best.length} kinds fit: ${best.map(getKind).join(', ')}`,
      hint: 'Add --kind. The newest of each',
      candidates: best,
    }),
  )
}

const picked = (candidates: readonly Candidate[], options: FindImageOptions): readonly Candidate[] => {
  const { newest, first, all } = options
  if (newest === true) return newestPicked(candidates, options)
  if (first === true) return candidates.slice(0, 1)
  const [one, other] = candidates
  if (all === true || one === undefined || other === undefined) return candidates
  throw toProblem(
    ambiguous(SITE, {
      what: `${candidates.length} images fit`,
      hint: 'Name one of these, say more, or use --newest, --first or --all',
      candidates,
    }),
  )
}

const noneFits = (address: string | undefined, { newest, kind, status }: FindImageOptions): ImageError => {
  const what = address === undefined ? 'there is no image like that' : `there is no image ${address}`
  if (newest !== true || (kind !== undefined && status !== undefined)) return notFound(SITE, { what })
  const among = [
    ...(status === undefined ? ['available images'] : ['images']),
    ...(kind === undefined ? ['of kind system, app or image'] : []),
  ].join(' ')
  return notFound(SITE, {
    what: `${what} among ${among}`,
    hint: kind === undefined ? 'To look at others, add --kind' : 'To look at others, add --status',
  })
}

/** Candidates carry what messages need; whoever prints images needs all of it. */
const fetchImage = async (live: LiveContext, candidate: Candidate): Promise<Image> => {
  if ('raw' in candidate) return candidate as Image
  const [target] = resolveTargets(live, formatCloud(candidate.ref))
  const answer = await (
    await openSource(live, target as ProviderCloud)
  ).get(candidate.ref.id, { signal: live.signal })()
  if (E.isLeft(answer)) throw toProblem(answer.left)
  return answer.right
}

const print = async (
  candidates: readonly Candidate[],
  request: FoundRequest,
  live: LiveContext,
  output: Output,
): Promise<void> => {
  if (isBrief(request)) {
    for (const { ref } of candidates)
      output.write(`${visible(request.format === 'id' ? ref.id : formatImageRef(ref))}\n`)
    return
  }
  const images = await Promise.all(candidates.map((one) => fetchImage(live, one)))
  const writer = await createImages(request, output)
  for (const image of images) writer.image(image, null, null)
  writer.end()
}

/** `imago find`: the id of the one image that is meant. None, or several without a word on which, is exit code 3, and prints no id. */
export const find = async (
  address: string | undefined,
  options: FindImageOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  checkOptions(address, options)
  const request = requestImages(options)
  const candidates =
    address === undefined
      ? await amongAll(live, options, request)
      : await findAtAddress(live, parseImageAddress(address), options)
  const chosen = picked(candidates, options)
  if (chosen.length === 0) throw toProblem(noneFits(address, options))
  await print(chosen, request, live, live.output)
  await live.output.end()
  return EXIT.done
}
