import { Amount, Count, DateText, nullable, openEnum, withRest } from '@imago/codec'
import * as t from 'io-ts'
import { HetznerArchitecture, HetznerLabels } from './image.ts'
import { HetznerPrice } from './pricing.ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.
// A server has some 25 keys, of which those are stated that images need. The others are let through: not to know them is no drift.

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

/** What a server type costs in one location; only there it can be had. Spec: ServerType.prices. */
export const HetznerServerTypePrice = withRest(
  t.partial({ location: nullable(t.string), price_hourly: nullable(HetznerPrice) }),
  t.unknown,
  'HetznerServerTypePrice',
)
export type HetznerServerTypePrice = t.TypeOf<typeof HetznerServerTypePrice>

/** How a server type stands in one location. Spec: ServerType.locations; older answers have none. */
export const HetznerServerTypeLocation = withRest(
  t.partial({
    name: nullable(t.string),
    /** Whether one can be ordered there now. */
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
    /** GB (of 1.024e9 bytes): the disk that a snapshot will have. */
    disk: nullable(Amount),
    prices: nullable(t.array(HetznerServerTypePrice)),
    locations: nullable(t.array(HetznerServerTypeLocation)),
    /** Null: not deprecated. */
    deprecation: t.unknown,
    /** What `deprecation` was announced to replace in November 2026. */
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

/** Removed from servers in July 2026, in favour of `location` (hcloud-go v2.45.0, release notes). Older answers have it. */
export const HetznerDatacenter = withRest(
  t.partial({ id: nullable(Count), name: nullable(t.string), location: nullable(HetznerLocation) }),
  t.unknown,
  'HetznerDatacenter',
)
export type HetznerDatacenter = t.TypeOf<typeof HetznerDatacenter>

/** One address of a server; for IPv6 a network (`2001:db8::/64`). Spec: Server.public_net.ipv4 and .ipv6. */
export const HetznerServerAddress = withRest(t.partial({ ip: nullable(t.string) }), t.unknown, 'HetznerServerAddress')
export type HetznerServerAddress = t.TypeOf<typeof HetznerServerAddress>

/** Where a server can be reached; each null where it has none of that kind. Spec: Server.public_net. */
export const HetznerPublicNet = withRest(
  t.partial({ ipv4: nullable(HetznerServerAddress), ipv6: nullable(HetznerServerAddress) }),
  t.unknown,
  'HetznerPublicNet',
)
export type HetznerPublicNet = t.TypeOf<typeof HetznerPublicNet>

/** A server, as far as images need it: what a snapshot is made from, and what is rebuilt from one. Spec: Server. */
export const HetznerServer = withRest(
  t.intersection([
    t.type({ id: Count }),
    t.partial({
      name: nullable(t.string),
      status: nullable(HetznerServerStatus),
      created: nullable(DateText),
      /** Null if the image was deleted, and nobody else needs it. Decode it with `HetznerImage`: a bad image must not cost the server. */
      image: t.unknown,
      server_type: nullable(HetznerServerType),
      location: nullable(HetznerLocation),
      datacenter: nullable(HetznerDatacenter),
      public_net: nullable(HetznerPublicNet),
      /** GB (of 1.024e9 bytes). Less than the server type's disk, where the server was resized without its disk. */
      primary_disk_size: nullable(Amount),
      /** The next boot is into the rescue system. */
      rescue_enabled: nullable(t.boolean),
      locked: nullable(t.boolean),
      /** Null: no backups. A backup image needs one. */
      backup_window: nullable(t.string),
      labels: nullable(HetznerLabels),
    }),
  ]),
  t.unknown,
  'HetznerServer',
)
export type HetznerServer = t.TypeOf<typeof HetznerServer>
