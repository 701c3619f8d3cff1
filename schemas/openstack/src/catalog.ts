import { nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026); "keystoneauth": keystoneauth1/access/service_catalog.py at 9c28aa6 (June 2026).

/** Who an endpoint is for. keystone: keystone/catalog/schema.py. */
export const KeystoneInterface = openEnum('KeystoneInterface', ['public', 'internal', 'admin'])
export type KeystoneInterface = t.TypeOf<typeof KeystoneInterface>

/** An address of a service. Nothing is required: keystoneauth skips endpoints without a URL, and compares `region_id` before `region`. */
export const KeystoneEndpoint = t.partial(
  {
    id: nullable(t.string),
    interface: nullable(KeystoneInterface),
    /** Says the same as `region_id`; older clouds have only this one. */
    region: nullable(t.string),
    /** Null: of no region. */
    region_id: nullable(t.string),
    /** With or without `/v2` at its end. */
    url: nullable(t.string),
  },
  'KeystoneEndpoint',
)
export type KeystoneEndpoint = t.TypeOf<typeof KeystoneEndpoint>

/** A service and where it is. Glance's `type` is `image`. */
export const KeystoneService = t.partial(
  {
    id: nullable(t.string),
    type: nullable(t.string),
    name: nullable(t.string),
    endpoints: nullable(t.array(KeystoneEndpoint)),
  },
  'KeystoneService',
)
export type KeystoneService = t.TypeOf<typeof KeystoneService>

/** Every service that a token opens. Its order counts: the first endpoint that fits is taken. */
export const KeystoneCatalog = t.array(KeystoneService, 'KeystoneCatalog')
export type KeystoneCatalog = t.TypeOf<typeof KeystoneCatalog>

/** GET /v3/auth/catalog: the catalog of a token that was asked for without one. */
export const KeystoneCatalogEnvelope = t.intersection(
  [t.type({ catalog: KeystoneCatalog }), t.partial({ links: t.unknown })],
  'KeystoneCatalogEnvelope',
)
export type KeystoneCatalogEnvelope = t.TypeOf<typeof KeystoneCatalogEnvelope>
