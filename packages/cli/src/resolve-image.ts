import {
  ambiguous,
  find,
  notFound,
  createErrorSite,
  toValueList,
  type AnyOf,
  type Image,
  type ImageError,
  type ImageSource,
  type NameLookupOptions,
} from '@imago/core'
import { formatCloud, formatImageRef, toIdentity, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT } from './exit-code.ts'
import { chooseClouds } from 'imago/clouds'
import { parseArchitecture } from './listing/words.ts'
import type { LiveContext } from './live.ts'
import { toProblem } from './live-problem.ts'
import { ADDRESS_SYNTAX, parseAddress, type ImageAddress, type ImageWord } from './parse-address.ts'
import { Problem } from './problem.ts'

export { parseAddress, type ImageAddress, type ImageWord, type Address } from './parse-address.ts'

/** The image that a word names; a URL, a file or nothing of the kind is a mistake of usage. */
export const parseImageAddress = (text: string): ImageAddress => {
  const place = parseAddress(text)
  if (E.isLeft(place)) throw new Problem(place.left, EXIT.usage)
  if (place.right.kind === 'image') return place.right
  throw new Problem(
    `${text} is a ${place.right.kind === 'url' ? 'URL' : 'file'}, and an image of a cloud is wanted. ${ADDRESS_SYNTAX}`,
    EXIT.usage,
  )
}

/** The targets of the cloud that `[provider/]cloud[@region]` names; what it does not name ends the command. */
export const resolveTargets = (
  { discovered, providers }: Pick<LiveContext, 'discovered' | 'providers'>,
  cloud: string,
): readonly ProviderCloud[] => {
  const chosen = chooseClouds(discovered, providers, cloud)
  if (E.isLeft(chosen)) throw toProblem(chosen.left)
  return chosen.right
}

/** The one target that `[provider/]cloud[@region]` names: a cloud of several regions needs the region. */
export const resolveTarget = (live: Pick<LiveContext, 'discovered' | 'providers'>, cloud: string): ProviderCloud => {
  const targets = resolveTargets(live, cloud)
  const [target, ...others] = targets
  if (target !== undefined && others.length === 0) return target
  throw new Problem(
    `${cloud} has several regions. Name one: ${targets.map((one) => formatCloud(toIdentity(one))).join(', ')}`,
    EXIT.notFound,
  )
}

/** The providers of these clouds, each once. */
export const providersFor = (
  { providers }: Pick<LiveContext, 'providers'>,
  clouds: readonly ProviderCloud[],
): readonly Provider[] => providers.filter(({ name }) => clouds.some(({ provider }) => provider === name))

/** The source of a target; one that cannot be used ends the command. */
export const openSource = async (live: LiveContext, target: ProviderCloud): Promise<ImageSource> => {
  const opened = await live.open(target)
  if (E.isLeft(opened)) throw toProblem(opened.left)
  return opened.right
}

/** An image, and where it was found. */
export interface FoundImage {
  readonly target: ProviderCloud
  readonly source: ImageSource
  readonly image: Image
}

/** An image for people: its exact place, and what it is called. */
export const describeImage = ({ ref, name, description }: Image): string => {
  const called = name ?? (description === null || description === '' ? null : description)
  return called === null ? formatImageRef(ref) : `${formatImageRef(ref)} (${called})`
}

interface Search {
  readonly found: readonly FoundImage[]
  readonly error: ImageError | null
}

/** What says more of an image that is named. */
export interface NamedHints {
  /** `--arch`, by any provider's word for it. */
  readonly arch?: AnyOf<string> | undefined
  readonly first?: NameLookupOptions['first']
}

/** The same, as the clouds of these targets are asked. */
export const toNamedBy = ({ arch, first }: NamedHints, providers: readonly Provider[]): NameLookupOptions => ({
  ...(arch === undefined
    ? {}
    : { architecture: toValueList(arch).map((word) => parseArchitecture('--arch', word, providers)) }),
  ...(first === undefined ? {} : { first }),
})

const search = async (
  live: LiveContext,
  target: ProviderCloud,
  word: ImageWord,
  named: NameLookupOptions,
): Promise<Search> => {
  const opened = await live.open(target)
  if (E.isLeft(opened)) return { found: [], error: opened.left }
  const source = opened.right
  const answer = await find(source, { ...word, ...named }, { signal: live.signal })()
  return E.isLeft(answer)
    ? { found: [], error: answer.left }
    : { found: [{ target, source, image: answer.right }], error: null }
}

/**
 * The image that a place names. A cloud of several regions is searched in all of them: one region that cannot be asked ends the
 * command, for it might hold the one that is meant; so does an image in two of them, or in none.
 */
export const resolveImage = async (
  live: LiveContext,
  place: ImageAddress,
  named: NamedHints = {},
): Promise<FoundImage> => {
  const targets = resolveTargets(live, place.cloud)
  const by = toNamedBy(named, providersFor(live, targets))
  const searches = await Promise.all(targets.map((target) => search(live, target, place.image, by)))
  const errors = searches.flatMap(({ error }) => error ?? [])
  const grave =
    errors.find(({ _tag }) => _tag !== 'NotFound' && _tag !== 'Ambiguous') ??
    errors.find(({ _tag }) => _tag === 'Ambiguous')
  if (grave !== undefined) throw toProblem(grave)
  const [first, ...others] = searches.flatMap(({ found }) => found)
  if (first !== undefined && others.length === 0) return first
  const site = createErrorSite(toIdentity(targets[0] as ProviderCloud), 'find')
  if (first !== undefined) {
    throw toProblem(
      ambiguous(site, {
        what: `${1 + others.length} regions have such an image`,
        hint: 'Name one of these',
        candidates: [first, ...others].map(({ image }) => image),
      }),
    )
  }
  throw toProblem(errors[0] ?? notFound(site, { what: 'there is no such image' }))
}
