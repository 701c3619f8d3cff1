import { nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026); "keystoneauth": keystoneauth1/access/service_catalog.py at 9c28aa6 (June 2026).

/** Audience of an endpoint. keystone: keystone/catalog/schema.py. */
export const KeystoneInterface = openEnum('KeystoneInterface', ['public', 'internal', 'admin'])
export type KeystoneInterface = t.TypeOf<typeof KeystoneInterface>

/** An endpoint of a service. All fields are optional: keystoneauth skips endpoints without a URL, and compares `region_id` before `region`. */
export const KeystoneEndpoint = t.partial(
  {
    id: nullable(t.string),
    interface: nullable(KeystoneInterface),
    /** Same value as `region_id`; older clouds send only this field. */
    region: nullable(t.string),
    /** Null: not in a region. */
    region_id: nullable(t.string),
    /** With or without a trailing `/v2`. */
    url: nullable(t.string),
  },
  'KeystoneEndpoint',
)
export type KeystoneEndpoint = t.TypeOf<typeof KeystoneEndpoint>

/** A service with its endpoints. Glance's `type` is `image`. */
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

/** The services that a token gives access to. The order matters: clients use the first matching endpoint. */
export const KeystoneCatalog = t.array(KeystoneService, 'KeystoneCatalog')
export type KeystoneCatalog = t.TypeOf<typeof KeystoneCatalog>

/** GET /v3/auth/catalog: the catalog of a token, also of one requested without a catalog. */
export const KeystoneCatalogEnvelope = t.intersection(
  [t.type({ catalog: KeystoneCatalog }), t.partial({ links: t.unknown })],
  'KeystoneCatalogEnvelope',
)
export type KeystoneCatalogEnvelope = t.TypeOf<typeof KeystoneCatalogEnvelope>
