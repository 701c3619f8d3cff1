import {
  ambiguous,
  findAll,
  isBefore,
  createMatcher,
  pages,
  createErrorSite,
  toValueList,
  type AnyOf,
  type Candidate,
  type Image,
  type ImageError,
  type ImageKind,
  type Query,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { formatCloud, formatImageRef, type ProviderCloud } from '@imago/provider-kit'
import { formatFlag } from '../../command-line/option.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { checkSelection, givenSelection, parseSelection, resolveQuery } from '../../listing/query-options.ts'
import { readUsageFilter, reportUnknown } from '../../listing/usage-selection.ts'
import type { LiveContext } from '../../live.ts'
import { resolveNamedImage } from '../../lock/locked-image.ts'
import { toProblem } from '../../live-problem.ts'
import { createImages, requestImages, type ImageRequest } from '../../output/images.ts'
import type { Output } from '../../output/stream.ts'
import { visible } from '../../output/visible.ts'
import { parseImageAddress, providersFor, openSource, resolveTargets, type ImageAddress } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { imageNotFound } from '../../suggest-image.ts'
import type { SelectionOptions } from '../../options/selection.ts'
import type { FindImageOptions } from './options.ts'

/** The requested output. */
type FoundRequest = ImageRequest

/** Whether only IDs or addresses are printed, so that the other fields are not needed. */
const isBrief = ({ format, order }: FoundRequest): boolean =>
  (format === 'id' || format === 'address') && order === null

const HOW = 'Name an image as [provider/]cloud[@region]:image, or select one with --os, --name, --label …'

const PICKS = ['newest', 'first', 'all'] as const

/** The selection options that can be combined with an address, to distinguish images of the same name. */
const WITH_ADDRESS: ReadonlySet<keyof SelectionOptions> = new Set(['arch', 'kind', 'status'] as const)

const checkOptions = (address: string | undefined, options: FindImageOptions): void => {
  const picks = PICKS.filter((pick) => options[pick] === true)
  if (picks.length > 1) throw new Problem(`--${picks.join(' and --')} cannot be combined`, EXIT.usage)
  const given = givenSelection(options)
  if (options.locked === true && (address === undefined || given.length > 0 || picks.length > 0))
    throw new Problem('--locked requires one image by its name, such as prod:web, and no filters', EXIT.usage)
  if (address === undefined && given.length === 0) throw new Problem(`no image selected. ${HOW}`, EXIT.usage)
  const misplaced = options.cloud === undefined ? given.find((name) => !WITH_ADDRESS.has(name)) : 'cloud'
  if (address !== undefined && misplaced !== undefined)
    throw new Problem(
      `${formatFlag(misplaced)} cannot be combined with the address of an image; only --arch, --kind and --status can. ${HOW}`,
      EXIT.usage,
    )
}

/** The kinds that servers are usually created from. A snapshot or backup belongs to one server. */
const USUAL_KINDS: readonly ImageKind[] = ['system', 'app', 'image']

/** The default selection of `--newest`. */
const usual = ({ newest, kind, status }: FindImageOptions): Pick<Query, 'kind' | 'status'> =>
  newest === true
    ? { ...(kind === undefined ? { kind: USUAL_KINDS } : {}), ...(status === undefined ? { status: 'available' } : {}) }
    : {}

/** Returns the matches. Any error except `NotFound` ends the command, because a cloud that failed may have a better match. */
const toMatches = (found: E.Either<ImageError, readonly Image[]>): readonly Image[] => {
  if (E.isRight(found)) return found.right
  if (found.left._tag === 'NotFound') return []
  throw toProblem(found.left)
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
  const matches = createMatcher({ ...query, ...usual(options), hidden: 'include' })
  const { architecture } = query
  const found = await Promise.all(
    targets.map(async (target) =>
      toMatches(await findAll(await openSource(live, target), { ...image, architecture }, { signal: live.signal })()),
    ),
  )
  return found.flat().filter(matches)
}

const isNewer = (one: Candidate, other: Candidate): boolean =>
  one.createdAt !== null && (other.createdAt === null || isBefore(other.createdAt, one.createdAt))

const getKind = (candidate: Candidate): ImageKind | null => ('kind' in candidate ? (candidate as Image).kind : null)

/** The newest image of each kind; of equally new ones, the first. Images without a creation time are older than all others. */
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

/** A candidate without its record, which saves memory. */
const summary = ({ ref, name, architecture, createdAt }: Candidate): Candidate => ({
  ref,
  name,
  architecture,
  createdAt,
})

/** Adds a match. Of very many, only what is needed to choose and print is kept. */
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
    const { isSelected, countUnknown } = await readUsageFilter(live, source, selection.usage)
    for await (const page of pages(source, query.right, {
      signal: live.signal,
      limit: options.first === true && selection.usage.length === 0 ? 1 : undefined,
    })) {
      if (E.isLeft(page)) return toMatches(page)
      for (const image of page.right.items) if (isSelected(image)) keep(candidates, image, options, request)
    }
    reportUnknown(live.messages, countUnknown())
    return candidates
  }
  return (await Promise.all(targets.map(listed))).flat()
}

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'find')

/** The newest candidate. Without `--kind`, candidates of several kinds are ambiguous. */
const newestPicked = (candidates: readonly Candidate[], { kind }: FindImageOptions): readonly Candidate[] => {
  const best = newestOfKinds(candidates)
  if (kind !== undefined || best.length < 2) return findNewest(best)
  throw toProblem(
    ambiguous(SITE, {
      what: `images of ${best.length} kinds match: ${best.map(getKind).join(', ')}`,
      hint: 'Add --kind to select one of these, the newest image of each kind',
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
      what: `${candidates.length} images match`,
      hint: 'Name one of these, add a filter, or use --newest, --first or --all',
      candidates,
    }),
  )
}

const noMatch = async (address: string | undefined, options: FindImageOptions, live: LiveContext): Promise<Problem> => {
  const { newest, kind, status } = options
  const isNarrowed = newest === true && (kind === undefined || status === undefined)
  const among = [
    ...(status === undefined ? ['available images'] : ['images']),
    ...(kind === undefined ? ['of kind system, app or image'] : []),
  ].join(' ')
  const detail = isNarrowed ? ` among ${among}` : ''
  const widen = kind === undefined ? 'To include other kinds, add --kind' : 'To include other states, add --status'
  if (address === undefined)
    return new Problem(
      `no image matches${isNarrowed ? detail : ' the selection'}. ${isNarrowed ? widen : 'Check the options that select images'}`,
      EXIT.notFound,
    )
  const parsed = parseImageAddress(address)
  const given = givenSelection(options).flatMap((name) =>
    toValueList(options[name] as AnyOf<string>).map((value) => `--${name} ${value}`),
  )
  const settings = isNarrowed
    ? { detail, advice: widen }
    : given.length === 0
      ? {}
      : {
          detail: ` with ${given.join(' ')}`,
          advice: `Change or omit ${given.map((one) => one.split(' ')[0]).join(', ')}`,
        }
  return new Problem(await imageNotFound(live, resolveTargets(live, parsed.cloud), parsed, settings), EXIT.notFound)
}

/** The complete image of a candidate. */
const fetchImage = async (live: LiveContext, candidate: Candidate): Promise<Image> => {
  if ('raw' in candidate) return candidate as Image
  const [target] = resolveTargets(live, formatCloud(candidate.ref))
  const image = await (await openSource(live, target as ProviderCloud)).get(candidate.ref.id, { signal: live.signal })()
  if (E.isLeft(image)) throw toProblem(image.left)
  return image.right
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

const candidatesFor = async (
  address: string | undefined,
  options: FindImageOptions,
  request: FoundRequest,
  live: LiveContext,
): Promise<readonly Candidate[]> => {
  if (address === undefined) return amongAll(live, options, request)
  const parsed = parseImageAddress(address)
  if (options.locked === true)
    return [(await resolveNamedImage(live, parsed, { locked: true, lockFile: options.lockFile })).image]
  return findAtAddress(live, parsed, options)
}

/** `imago find`: prints the ID of the matching image. No match, or several, exits with 3 and prints no ID. */
export const find = async (
  address: string | undefined,
  options: FindImageOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  checkOptions(address, options)
  checkSelection(options, live.timing.clock())
  const request = requestImages(options)
  const candidates = await candidatesFor(address, options, request, live)
  const chosen = picked(candidates, options)
  if (chosen.length === 0) throw await noMatch(address, options, live)
  await print(chosen, request, live, live.output)
  await live.output.end()
  await live.messages.end()
  return EXIT.done
}
