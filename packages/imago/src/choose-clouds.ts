import {
  ambiguous,
  notFound,
  createErrorSite,
  quoteEmpty,
  type Ambiguous,
  type ConfigInvalid,
  type NotFound,
} from '@imago/core'
import { type DiscoveredClouds, type Provider, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'

interface Reading {
  readonly provider: string | null
  readonly name: string
  readonly region: string | null
}

const findProviderPrefix = (providers: readonly Provider[], text: string): string | null =>
  providers.find(({ name }) => text.startsWith(`${name}/`))?.name ?? null

/** Parses the possible meanings of `[provider/]name[@region]`, the most literal first: a name may contain a slash or an at sign. */
const parseReadings = (providers: readonly Provider[], text: string): readonly Reading[] => {
  const provider = findProviderPrefix(providers, text)
  const rests =
    provider === null
      ? [{ provider: null, rest: text }]
      : [
          { provider: null, rest: text },
          { provider, rest: text.slice(provider.length + 1) },
        ]
  const whole = rests.map(({ provider, rest }) => ({ provider, name: rest, region: null }))
  const split = rests.flatMap(({ provider, rest }) => {
    const at = rest.lastIndexOf('@')
    return at <= 0 ? [] : [{ provider, name: rest.slice(0, at), region: rest.slice(at + 1) }]
  })
  return [...whole, ...split]
}

const fits =
  ({ provider, name }: Reading) =>
  (one: { readonly provider: string; readonly name: string }): boolean =>
    one.name === name && (provider === null || provider === one.provider)

/** Expands a cloud to `regions`. */
const inRegion = (
  regions: readonly ProviderCloud[],
  region: string,
  providers: readonly Provider[],
): E.Either<ConfigInvalid | NotFound, readonly ProviderCloud[]> => {
  const found = regions.filter((one) => one.region === region)
  if (found.length > 0) return E.right(found)
  const [first] = regions
  const known = regions.flatMap((one) => one.region ?? [])
  const provider = providers.find(({ name }) => name === first?.provider)
  if (first === undefined || provider === undefined || known.length > 0) {
    return E.left(
      notFound(createErrorSite({ provider: first?.provider ?? 'imago', cloud: first?.name ?? null }, 'configuration'), {
        what: `region not found: ${quoteEmpty(region)}`,
        hint: `Configured regions: ${known.join(', ')} (case-sensitive)`,
      }),
    )
  }
  if (provider.inRegion === undefined)
    return E.left(
      notFound(createErrorSite({ provider: provider.name, cloud: first.name }, 'configuration'), {
        what: `region not found: ${quoteEmpty(region)}`,
        hint: `Omit @${region}: clouds of ${provider.title} have no regions`,
      }),
    )
  return E.right([provider.inRegion(first, region)])
}

/**
 * Chooses the cloud `[provider/]name[@region]`: all of its regions, or the named one. Fails with `Ambiguous` if several providers have the name, with
 * `NotFound` if none has it or the cloud does not have the region, and with the configuration error if its entry is broken.
 */
export const chooseClouds = (
  { clouds, problems, unreadable }: Pick<DiscoveredClouds, 'clouds' | 'problems' | 'unreadable'>,
  providers: readonly Provider[],
  text: string,
): E.Either<Ambiguous | ConfigInvalid | NotFound, readonly ProviderCloud[]> => {
  for (const reading of parseReadings(providers, text)) {
    const found = clouds.filter(fits(reading))
    const broken = problems.find(({ provider, cloud }) => cloud !== null && fits(reading)({ provider, name: cloud }))
    if (found.length === 0 && broken !== undefined) return E.left(broken)
    if (found.length === 0) continue
    const names = [...new Set(found.map(({ provider, name }) => `${provider}/${name}`))]
    if (names.length > 1) {
      return E.left(
        ambiguous(createErrorSite({ provider: 'imago', cloud: null }, 'configuration'), {
          what: `${reading.name} is a cloud of several providers: ${names.join(', ')}`,
          hint: 'Use one of these names',
          candidates: [],
        }),
      )
    }
    return reading.region === null ? E.right(found) : inRegion(found, reading.region, providers)
  }
  const named = findProviderPrefix(providers, text)
  // An unreadable file may contain the cloud.
  const file = unreadable.find(({ provider }) => named === null || named === provider)
  if (file !== undefined)
    return E.left({
      ...file,
      what: `cloud not found: ${quoteEmpty(text)}; the configuration could not be read completely: ${file.what}`,
    })
  const names = [...new Set(clouds.map(({ name }) => name))]
  return E.left(
    notFound(createErrorSite({ provider: 'imago', cloud: null }, 'configuration'), {
      what: `cloud not found: ${quoteEmpty(text)}`,
      hint:
        names.length === 0
          ? `Configure a cloud first (checked: ${providers.flatMap(({ configuredBy }) => configuredBy).join(', ')})`
          : `Configured clouds: ${names.join(', ')}`,
    }),
  )
}
