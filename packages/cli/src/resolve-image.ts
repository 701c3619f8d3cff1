import {
  ambiguous,
  find,
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
import { withCloudSuggestion } from './connect/chosen-targets.ts'
import { parseArchitecture } from './listing/parse-vocabulary.ts'
import type { LiveContext } from './live.ts'
import { toProblem } from './live-problem.ts'
import {
  formatAddressHint,
  parseAddress,
  withArticle,
  type Addressed,
  type ImageAddress,
  type ImageWord,
} from './parse-address.ts'
import { Problem } from './problem.ts'
import { imageNotFound } from './suggest-image.ts'

export { parseAddress, type ImageAddress, type ImageWord, type Address } from './parse-address.ts'

const parseCloudAddress =
  (addressed: Addressed) =>
  (text: string): ImageAddress => {
    const address = parseAddress(text, addressed)
    if (E.isLeft(address)) throw new Problem(address.left, EXIT.usage)
    if (address.right.kind === 'image') return address.right
    const given = address.right.kind === 'url' ? 'URL' : 'file'
    throw new Problem(
      `expected ${withArticle(addressed)}, got a ${given}: ${text}. ${formatAddressHint(addressed)}`,
      EXIT.usage,
    )
  }

/** Parses the address of an image. A URL or file is a usage error. */
export const parseImageAddress = parseCloudAddress('image')

/** Parses the address of a server, which has the form of an image's. */
export const parseServerAddress = parseCloudAddress('server')

/** The clouds named by `[provider/]cloud[@region]`, one for each region. An unknown name ends the command. */
export const resolveTargets = (
  { discovered, providers }: Pick<LiveContext, 'discovered' | 'providers'>,
  cloud: string,
): readonly ProviderCloud[] => {
  const chosen = chooseClouds(discovered, providers, cloud)
  if (E.isLeft(chosen)) throw toProblem(withCloudSuggestion(chosen.left, cloud, discovered))
  return chosen.right
}

/** The cloud named by `[provider/]cloud[@region]`. A cloud with several regions needs the region. */
export const resolveTarget = (live: Pick<LiveContext, 'discovered' | 'providers'>, cloud: string): ProviderCloud => {
  const targets = resolveTargets(live, cloud)
  const [target, ...others] = targets
  if (target !== undefined && others.length === 0) return target
  throw new Problem(
    `${cloud} has several regions. Name one: ${targets.map((one) => formatCloud(toIdentity(one))).join(', ')}`,
    EXIT.notFound,
  )
}

/** The providers of these clouds, without duplicates. */
export const providersFor = (
  { providers }: Pick<LiveContext, 'providers'>,
  clouds: readonly ProviderCloud[],
): readonly Provider[] => providers.filter(({ name }) => clouds.some(({ provider }) => provider === name))

/** Opens the image source of a cloud. A failure ends the command. */
export const openSource = async (live: LiveContext, target: ProviderCloud): Promise<ImageSource> => {
  const opened = await live.open(target)
  if (E.isLeft(opened)) throw toProblem(opened.left)
  return opened.right
}

/** An image and its source. */
export interface FoundImage {
  readonly target: ProviderCloud
  readonly source: ImageSource
  readonly image: Image
}

/** An image in messages: its address, and its name or description. */
export const describeImage = ({ ref, name, description }: Image): string => {
  const called = name ?? (description === null || description === '' ? null : description)
  return called === null ? formatImageRef(ref) : `${formatImageRef(ref)} (${called})`
}

interface Search {
  readonly found: readonly FoundImage[]
  readonly error: ImageError | null
}

/** Options that narrow an address. */
export interface NameLookupFlags {
  /** `--arch`, by any provider's name. */
  readonly arch?: AnyOf<string> | undefined
  readonly first?: NameLookupOptions['first']
}

/** The same in the terms of the providers in use. */
export const toNameLookupOptions = (
  { arch, first }: NameLookupFlags,
  providers: readonly Provider[],
): NameLookupOptions => ({
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
  const result = await find(source, { ...word, ...named }, { signal: live.signal })()
  return E.isLeft(result)
    ? { found: [], error: result.left }
    : { found: [{ target, source, image: result.right }], error: null }
}

/**
 * Finds the image at an address. A cloud with several regions is searched in all of them. A region that fails ends the command, because it may have
 * the image; so does an image in two regions, or in none.
 */
export const resolveImage = async (
  live: LiveContext,
  address: ImageAddress,
  named: NameLookupFlags = {},
): Promise<FoundImage> => {
  const targets = resolveTargets(live, address.cloud)
  const by = toNameLookupOptions(named, providersFor(live, targets))
  const searches = await Promise.all(targets.map((target) => search(live, target, address.image, by)))
  const errors = searches.flatMap(({ error }) => error ?? [])
  const fatal =
    errors.find(({ _tag }) => _tag !== 'NotFound' && _tag !== 'Ambiguous') ??
    errors.find(({ _tag }) => _tag === 'Ambiguous')
  if (fatal !== undefined) throw toProblem(fatal)
  const [first, ...others] = searches.flatMap(({ found }) => found)
  if (first !== undefined && others.length === 0) return first
  const site = createErrorSite(toIdentity(targets[0] as ProviderCloud), 'find')
  if (first !== undefined) {
    throw toProblem(
      ambiguous(site, {
        what: `${1 + others.length} regions have a matching image`,
        hint: 'Name one of these',
        candidates: [first, ...others].map(({ image }) => image),
      }),
    )
  }
  throw new Problem(
    await imageNotFound(live, targets, address, {
      ...(by.architecture === undefined ? {} : { detail: ` for ${toValueList(by.architecture).join(' or ')}` }),
      advice: errors[0]?.hint,
    }),
    EXIT.notFound,
  )
}
