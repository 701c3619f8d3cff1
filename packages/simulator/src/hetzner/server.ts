import type { Datacenter } from './catalogue/datacenters.ts'
import { toWireIso, type Iso } from './catalogue/isos.ts'
import { toWireServerType, type ServerType } from './catalogue/server-types.ts'
import { toInstant, type Era } from './era.ts'
import { toWireImage, type StoredImage } from './image.ts'
import type { Labels } from './labels.ts'

/** The time for which a rescue system stays enabled until it is used by a boot: 60 minutes. */
export const RESCUE_MS = 3_600_000

/** A server as stored; times in milliseconds since 1970. */
export interface StoredServer {
  readonly id: number
  readonly name: string
  readonly status: 'running' | 'initializing' | 'starting' | 'stopping' | 'off' | 'deleting' | 'rebuilding'
  readonly created: number
  readonly type: ServerType
  readonly datacenter: Datacenter
  readonly imageId: number
  readonly iso: Iso | null
  readonly hasIpv4: boolean
  readonly hasIpv6: boolean
  /** The time until which the next boot enters the rescue system. */
  readonly rescueUntil: number | null
  /** The public keys that the rescue system accepts. */
  readonly rescueKeys: readonly string[]
  /** The seed of the disk's content where nothing was written. */
  readonly diskSeed: number
  readonly backupWindow: string | null
  readonly protection: { readonly delete: boolean; readonly rebuild: boolean }
  readonly labels: Labels
}

export interface ServerContext {
  readonly now: number
  readonly era: Era
  readonly image: StoredImage | null
  readonly isLocked: boolean
  /** Null: not reachable. */
  readonly address: string | null
}

/** https://docs.hetzner.cloud/reference/cloud#tag/servers */
export const toWireServer = (server: StoredServer, { now, era, image, isLocked, address }: ServerContext): unknown => {
  const ipv4 = address ?? `203.0.113.${server.id % 256}`
  return {
    id: server.id,
    name: server.name,
    status: server.status,
    created: toInstant(server.created, era),
    public_net: {
      ipv4: server.hasIpv4
        ? { id: server.id * 2, ip: ipv4, blocked: false, dns_ptr: `static.${ipv4}.clients.example.test` }
        : null,
      ipv6: server.hasIpv6
        ? {
            id: server.id * 2 + 1,
            ip: `2001:db8:${(server.id % 65_536).toString(16)}::/64`,
            blocked: false,
            dns_ptr: [],
          }
        : null,
      floating_ips: [],
      firewalls: [],
    },
    private_net: [],
    server_type: toWireServerType(server.type, era),
    ...(era === '2024' && { datacenter: server.datacenter }),
    location: server.datacenter.location,
    image: image === null ? null : toWireImage(image, era),
    iso: server.iso === null ? null : toWireIso(server.iso, era),
    rescue_enabled: server.rescueUntil !== null && now < server.rescueUntil,
    locked: isLocked,
    backup_window: server.backupWindow,
    outgoing_traffic: null,
    ingoing_traffic: null,
    included_traffic: 21_990_232_555_520,
    protection: server.protection,
    labels: server.labels,
    volumes: [],
    load_balancers: [],
    primary_disk_size: server.type.disk,
    placement_group: null,
  }
}
