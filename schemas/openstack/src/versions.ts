import { DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026).

/** Glance shouts, Keystone does not. glance: glance/api/versions.py; keystone: keystone/server/flask/application.py and keystone/api/discovery.py. */
export const OpenStackVersionStatus = openEnum('OpenStackVersionStatus', [
  'CURRENT',
  'SUPPORTED',
  'DEPRECATED',
  'EXPERIMENTAL',
  'stable',
  'beta',
  'deprecated',
])
export type OpenStackVersionStatus = t.TypeOf<typeof OpenStackVersionStatus>

/** Often wrong behind a proxy (scheme, host, `localhost`): take no host from it. */
export const OpenStackLink = t.partial({ rel: nullable(t.string), href: nullable(t.string) }, 'OpenStackLink')
export type OpenStackLink = t.TypeOf<typeof OpenStackLink>

/** One version that a service speaks. Nothing is required: a version that cannot be read is one that is not chosen. */
export const OpenStackVersion = t.partial(
  {
    /** `v2.16`, `v3.14`. Glance leaves versions out if a feature is switched off, so that a higher one does not prove a lower one. */
    id: nullable(t.string),
    status: nullable(OpenStackVersionStatus),
    links: nullable(t.array(OpenStackLink)),
    /** Keystone only. */
    updated: nullable(DateText),
    /** Keystone only. */
    'media-types': t.unknown,
  },
  'OpenStackVersion',
)
export type OpenStackVersion = t.TypeOf<typeof OpenStackVersion>

/** Glance: 200 for GET /versions, and 300 for GET / and for every path whose version it does not know. glance: glance/api/versions.py. */
export const GlanceVersions = t.type({ versions: t.array(OpenStackVersion) }, 'GlanceVersions')
export type GlanceVersions = t.TypeOf<typeof GlanceVersions>

/** Keystone: 300 for GET /. keystone: keystone/api/discovery.py, get_version_list. */
export const KeystoneVersions = t.type(
  { versions: t.type({ values: t.array(OpenStackVersion) }, 'KeystoneVersionValues') },
  'KeystoneVersions',
)
export type KeystoneVersions = t.TypeOf<typeof KeystoneVersions>

/** Keystone: 200 for GET /v3. keystone: keystone/api/discovery.py, get_version_v3. */
export const KeystoneVersion = t.type({ version: OpenStackVersion }, 'KeystoneVersion')
export type KeystoneVersion = t.TypeOf<typeof KeystoneVersion>
