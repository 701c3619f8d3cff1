import { ambiguous, notFound, siteOf, type Ambiguous, type ConfigInvalid, type NotFound } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Cloud } from './cloud.ts'
import { troubleOf, type Findings } from './findings.ts'

const PROVIDERS = ['hetzner', 'openstack'] as const

interface Reading {
  readonly provider: string | null
  readonly name: string
  readonly region: string | null
}

/** What `[provider/]name[@region]` may mean, the most literal first: a name may itself hold a slash or an at sign. */
const readingsOf = (text: string): readonly Reading[] => {
  const provider = PROVIDERS.find((one) => text.startsWith(`${one}/`)) ?? null
  const rests = provider === null ? [{ provider: null, rest: text }] : [{ provider: null, rest: text }, { provider, rest: text.slice(provider.length + 1) }]
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

const inRegion = (cloud: Cloud, region: string): E.Either<ConfigInvalid, Cloud> => {
  if (cloud.provider === 'hetzner') return E.left(troubleOf('hetzner', cloud.name, { what: 'a project at Hetzner Cloud has no regions', hint: `Leave out @${region}` }))
  const found = cloud.regions.filter(({ name }) => name === region)
  if (found.length > 0) return E.right({ ...cloud, regions: found })
  const known = cloud.regions.flatMap(({ name }) => name ?? [])
  // A cloud that names no region has whichever its catalog has.
  const [first] = cloud.regions
  if (known.length === 0 && first !== undefined) return E.right({ ...cloud, regions: [{ ...first, name: region, services: withRegion(first.services, region) }] })
  return E.left(troubleOf('openstack', cloud.name, { what: `there is no region ${region}`, hint: `There are: ${known.join(', ')} (case matters)` }))
}

const withRegion = <Services extends Readonly<Record<string, { readonly regionName: string | null }>>>(services: Services, region: string): Services =>
  Object.fromEntries(Object.entries(services).map(([name, service]) => [name, { ...service, regionName: service.regionName ?? region }])) as Services

/**
 * The cloud that `[provider/]name[@region]` names; with a region, it has that one only. A name that two providers have is `Ambiguous`,
 * one that nobody has `NotFound`; one that is there but broken gives what is wrong with it.
 */
export const chooseCloud = ({ clouds, problems, unreadable }: Findings, text: string): E.Either<Ambiguous | ConfigInvalid | NotFound, Cloud> => {
  for (const reading of readingsOf(text)) {
    const found = clouds.filter(fits(reading))
    const [first, second] = found
    const broken = problems.find(({ provider, cloud }) => cloud !== null && fits(reading)({ provider, name: cloud }))
    if (first === undefined && broken !== undefined) return E.left(broken)
    if (first === undefined) continue
    if (second !== undefined) {
      const names = found.map(({ provider, name }) => `${provider}/${name}`)
      return E.left(
        ambiguous(siteOf({ provider: 'imago', cloud: null }, 'configuration'), {
          what: `${reading.name} is a cloud of several providers: ${names.join(', ')}`,
          hint: 'Name it with its provider, as here',
          candidates: [],
        }),
      )
    }
    return reading.region === null ? E.right(first) : inRegion(first, reading.region)
  }
  const named = PROVIDERS.find((one) => text.startsWith(`${one}/`))
  // It may stand in a file that cannot be read.
  const file = unreadable.find(({ provider }) => named === undefined || named === provider)
  if (file !== undefined) return E.left({ ...file, what: `cloud not found: ${text}, and a configuration file could not be read: ${file.what}` })
  const names = clouds.map(({ name }) => name)
  return E.left(
    notFound(siteOf({ provider: 'imago', cloud: null }, 'configuration'), {
      what: `there is no cloud ${text}`,
      hint: names.length === 0 ? 'No cloud is configured' : `There are: ${names.join(', ')}`,
    }),
  )
}
