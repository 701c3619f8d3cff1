import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { parseAddress, nearness, findScope, type Scope } from './address.ts'

/** An address of a host. `family`: 4 or 6. */
export interface HostAddress {
  readonly address: string
  readonly family: number
}

/** Name resolution and classification of addresses. */
export interface Network {
  /** All addresses of a name. Rejects if there are none. */
  readonly resolve: (name: string) => Promise<readonly HostAddress[]>
  readonly findScope: (address: string) => Scope
}

export const systemNetwork: Network = { resolve: (name) => lookup(name, { all: true, verbatim: true }), findScope }

/** A resolved host. Only these addresses may be connected to. */
export interface FoundHost {
  readonly name: string
  readonly addresses: readonly HostAddress[]
  /** Scope of its nearest address, which counts when a redirect leads to it. */
  readonly nearest: Scope
  /** Scope of its farthest address, which counts when it redirects. */
  readonly farthest: Scope
}

/** Resolves the host of a URL. Rejects if its name has no address. */
export const findHost = async (host: string, network: Network): Promise<FoundHost> => {
  const address = parseAddress(host)
  const addresses =
    address === null ? await network.resolve(host) : [{ address, family: address.includes(':') ? 6 : 4 }]
  const scopes = addresses
    .map((each) => network.findScope(each.address))
    .toSorted((one, other) => nearness(one) - nearness(other))
  const [farthest, nearest] = [scopes[0], scopes.at(-1)]
  if (farthest === undefined || nearest === undefined)
    throw Object.assign(new Error('a name without addresses'), { code: 'ENOTFOUND' })
  return { name: host, addresses, nearest, farthest }
}

/** A lookup function that returns the addresses that were checked, whatever DNS returns meanwhile. */
export const createPinnedLookup =
  (find: (name: string) => FoundHost | undefined): LookupFunction =>
  (name, options, done) => {
    const addresses = find(name)?.addresses ?? []
    const [first] = addresses
    if (first === undefined) done(Object.assign(new Error('this name was not checked'), { code: 'ENOTFOUND' }), '')
    else if (options.all === true) done(null, [...addresses])
    else done(null, first.address, first.family)
  }
