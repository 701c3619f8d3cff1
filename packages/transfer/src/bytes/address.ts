import { BlockList, isIP, isIPv4 } from 'node:net'

/** How near an address is to this machine, the farthest first. A redirect must not lead to a nearer address than that of the server that redirects. */
export const SCOPES = ['public', 'private', 'link-local', 'loopback'] as const
export type Scope = (typeof SCOPES)[number]

/** Ascends with nearness. */
export const nearness = (scope: Scope): number => SCOPES.indexOf(scope)

type Net = readonly [address: string, bits: number]

const blocks = (nets: readonly Net[]): BlockList => {
  const list = new BlockList()
  for (const [address, bits] of nets) list.addSubnet(address, bits, isIPv4(address) ? 'ipv4' : 'ipv6')
  return list
}

/** IANA special-purpose address registries (RFC 6890 and updates). `0.0.0.0` and `::` reach this machine, too. */
const LOOPBACK = blocks([
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['::1', 128],
  ['::', 128],
])
/** Including the metadata service of most clouds. */
const LINK_LOCAL = blocks([
  ['169.254.0.0', 16],
  ['fe80::', 10],
])
/** Private, shared, documentation, benchmarking, multicast and reserved addresses: all that are not hosts of the public internet. */
const PRIVATE = blocks([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['100::', 64],
  ['2001:db8::', 32],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fec0::', 10],
  ['ff00::', 8],
])

/** Removes the zone, which names an interface of this machine: `fe80::1%eth0`. */
const removeZone = (address: string): string => address.split('%', 1)[0] ?? ''

/** The eight groups of an IPv6 address in any notation. */
const parseGroups = (address: string): readonly number[] => {
  // URL normalizes the notation, and converts a dotted end to two groups.
  const [head = '', tail] = new URL(`http://[${removeZone(address)}]/`).hostname.slice(1, -1).split('::')
  const groups = (text: string | undefined): readonly number[] =>
    text === undefined || text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [groups(head), groups(tail)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

const formatIpv4 = (high: number, low: number): string => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')

/** The IPv4 address embedded in an IPv6 address; `null`: none. Forms: mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96, 64:ff9b:1::/48), 6to4 (2002::/16). */
const findEmbeddedIpv4 = (groups: readonly number[]): string | null => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const isZero = (...some: readonly number[]): boolean => some.every((group) => group === 0)
  if (isZero(a, b, c, d, e) && (f === 0xffff || (f === 0 && (g !== 0 || h > 1)))) return formatIpv4(g, h)
  if (isZero(a, b, c, d, f) && e === 0xffff) return formatIpv4(g, h)
  if (a === 0x64 && b === 0xff9b && (isZero(c, d, e, f) || c === 1)) return formatIpv4(g, h)
  return a === 0x2002 ? formatIpv4(b, c) : null
}

const removeBrackets = (host: string): string => host.replace(/^\[|\]$/g, '')

/** The address in the host of a URL; `null`: the host is a name. URL has already normalized other notations (`0x7f000001`). */
export const parseAddress = (host: string): string | null =>
  isIP(removeBrackets(host)) === 0 ? null : removeBrackets(host)

/** How near an address is. An IPv6 address with an embedded IPv4 address counts as that. */
export const findScope = (address: string): Scope => {
  if (!isIPv4(address)) {
    const groups = parseGroups(address)
    const inner = findEmbeddedIpv4(groups)
    if (inner !== null) return findScope(inner)
  }
  const kind = isIPv4(address) ? 'ipv4' : 'ipv6'
  const plain = removeZone(address)
  if (LOOPBACK.check(plain, kind)) return 'loopback'
  if (LINK_LOCAL.check(plain, kind)) return 'link-local'
  return PRIVATE.check(plain, kind) ? 'private' : 'public'
}
