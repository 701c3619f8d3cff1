import {
  createMatcher,
  findAll,
  pages,
  type Candidate,
  type Image,
  type ImageError,
  type ImageKind,
  type Query,
} from '@imago/core'
import type { ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { parseSelection, resolveQuery } from '../../listing/query-options.ts'
import { readUsageFilter, reportUnknown } from '../../listing/usage-selection.ts'
import { toProblem } from '../../live-problem.ts'
import type { LiveContext } from '../../live.ts'
import { resolveNamedImage } from '../../lock/locked-image.ts'
import type { ImageRequest } from '../../output/images.ts'
import { openSource, parseImageAddress, providersFor, resolveTargets, type ImageAddress } from '../../resolve-image.ts'
import type { FindImageOptions } from './options.ts'
import { newestOfKinds } from './pick.ts'

/** Whether only IDs or addresses are printed, so that the other fields are not needed. */
export const isBrief = ({ format, order }: ImageRequest): boolean =>
  (format === 'id' || format === 'address') && order === null

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
  request: ImageRequest,
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
  request: ImageRequest,
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

/** The images that match the address or the options. */
export const findCandidates = async (
  address: string | undefined,
  options: FindImageOptions,
  request: ImageRequest,
  live: LiveContext,
): Promise<readonly Candidate[]> => {
  if (address === undefined) return amongAll(live, options, request)
  const parsed = parseImageAddress(address)
  if (options.locked === true)
    return [(await resolveNamedImage(live, parsed, { locked: true, lockFile: options.lockFile })).image]
  return findAtAddress(live, parsed, options)
}
