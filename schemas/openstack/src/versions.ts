import { DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026).

/** Upper case in Glance, lower case in Keystone. glance: glance/api/versions.py; keystone: keystone/server/flask/application.py and keystone/api/discovery.py. */
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

/** Scheme and host are often wrong behind a proxy (`localhost`): use only the path. */
export const OpenStackLink = t.partial({ rel: nullable(t.string), href: nullable(t.string) }, 'OpenStackLink')
export type OpenStackLink = t.TypeOf<typeof OpenStackLink>

/** An API version of a service. All fields are optional, so that an unreadable version is skipped. */
export const OpenStackVersion = t.partial(
  {
    /** `v2.16`, `v3.14`. Glance omits versions of disabled features, so a higher version does not imply a lower one. */
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

/** Glance: 200 for GET /versions; 300 for GET / and for paths with an unknown version. glance: glance/api/versions.py. */
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
