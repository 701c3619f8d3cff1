import { Amount, Count, DateText, nullable, openEnum, withRest } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerArchitecture, HetznerLabels } from './image.ts'
import { HetznerPrice } from './pricing.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.
// A server has about 25 keys. Only those related to images are listed; others are accepted, and not reported as drift.

/** Spec: Server.status. */
export const HetznerServerStatus = openEnum('HetznerServerStatus', [
  'running',
  'initializing',
  'starting',
  'stopping',
  'off',
  'deleting',
  'migrating',
  'rebuilding',
  'unknown',
])
export type HetznerServerStatus = t.TypeOf<typeof HetznerServerStatus>

/** The price of a server type in one location. It is available only in locations that have a price. Spec: ServerType.prices. */
export const HetznerServerTypePrice = withRest(
  t.partial({ location: nullable(t.string), price_hourly: nullable(HetznerPrice) }),
  t.unknown,
  'HetznerServerTypePrice',
)
export type HetznerServerTypePrice = t.TypeOf<typeof HetznerServerTypePrice>

/** The availability of a server type in one location. Absent in older responses. Spec: ServerType.locations. */
export const HetznerServerTypeLocation = withRest(
  t.partial({
    name: nullable(t.string),
    /** Whether a server can be created there now. */
    available: nullable(t.boolean),
    /** Null: not deprecated there. */
    deprecation: t.unknown,
  }),
  t.unknown,
  'HetznerServerTypeLocation',
)
export type HetznerServerTypeLocation = t.TypeOf<typeof HetznerServerTypeLocation>

/** Spec: Server.server_type and ServerType. */
export const HetznerServerType = withRest(
  t.partial({
    id: nullable(Count),
    name: nullable(t.string),
    architecture: nullable(HetznerArchitecture),
    /** GB (of 1.024e9 bytes): also the disk size of a snapshot. */
    disk: nullable(Amount),
    prices: nullable(t.array(HetznerServerTypePrice)),
    locations: nullable(t.array(HetznerServerTypeLocation)),
    /** Null: not deprecated. */
    deprecation: t.unknown,
    /** To be replaced by `deprecation` in November 2026, as announced. */
    deprecated: nullable(t.boolean),
  }),
  t.unknown,
  'HetznerServerType',
)
export type HetznerServerType = t.TypeOf<typeof HetznerServerType>

/** Spec: Server.location. */
export const HetznerLocation = withRest(
  t.partial({ id: nullable(Count), name: nullable(t.string) }),
  t.unknown,
  'HetznerLocation',
)
export type HetznerLocation = t.TypeOf<typeof HetznerLocation>

/** Replaced by `location` and removed from servers in July 2026 (hcloud-go v2.45.0, release notes). Older responses have it. */
export const HetznerDatacenter = withRest(
  t.partial({ id: nullable(Count), name: nullable(t.string), location: nullable(HetznerLocation) }),
  t.unknown,
  'HetznerDatacenter',
)
export type HetznerDatacenter = t.TypeOf<typeof HetznerDatacenter>

/** An address of a server; for IPv6, a network (`2001:db8::/64`). Spec: Server.public_net.ipv4 and .ipv6. */
export const HetznerServerAddress = withRest(t.partial({ ip: nullable(t.string) }), t.unknown, 'HetznerServerAddress')
export type HetznerServerAddress = t.TypeOf<typeof HetznerServerAddress>

/** The public addresses of a server; null: none of that kind. Spec: Server.public_net. */
export const HetznerPublicNet = withRest(
  t.partial({ ipv4: nullable(HetznerServerAddress), ipv6: nullable(HetznerServerAddress) }),
  t.unknown,
  'HetznerPublicNet',
)
export type HetznerPublicNet = t.TypeOf<typeof HetznerPublicNet>

/** A server, with the keys related to images. Spec: Server. */
export const HetznerServer = withRest(
  t.intersection([
    t.type({ id: Count }),
    t.partial({
      name: nullable(t.string),
      status: nullable(HetznerServerStatus),
      created: nullable(DateText),
      /** Null if the image was deleted and no other server refers to it. Decoded separately with `HetznerImage`, so that an invalid image does not invalidate the server. */
      image: t.unknown,
      server_type: nullable(HetznerServerType),
      location: nullable(HetznerLocation),
      datacenter: nullable(HetznerDatacenter),
      public_net: nullable(HetznerPublicNet),
      /** GB (of 1.024e9 bytes). Smaller than the server type's disk if the server was resized without its disk. */
      primary_disk_size: nullable(Amount),
      /** Whether the next boot starts the rescue system. */
      rescue_enabled: nullable(t.boolean),
      locked: nullable(t.boolean),
      /** Null: backups are disabled. Creating a backup requires a window. */
      backup_window: nullable(t.string),
      labels: nullable(HetznerLabels),
    }),
  ]),
  t.unknown,
  'HetznerServer',
)
export type HetznerServer = t.TypeOf<typeof HetznerServer>
