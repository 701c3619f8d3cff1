import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { KeystoneCatalog } from './catalog.ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026), keystone/common/render_token.py.

/** A domain or role. */
export const KeystoneName = t.partial({ id: nullable(t.string), name: nullable(t.string) }, 'KeystoneName')
export type KeystoneName = t.TypeOf<typeof KeystoneName>

/** The user of a token. */
export const KeystoneUser = t.partial(
  {
    id: nullable(t.string),
    name: nullable(t.string),
    domain: nullable(KeystoneName),
    password_expires_at: nullable(DateText),
    /** Present for federated users. */
    'OS-FEDERATION': t.unknown,
  },
  'KeystoneUser',
)
export type KeystoneUser = t.TypeOf<typeof KeystoneUser>

/** The project that a token is scoped to. */
export const KeystoneScopeProject = t.partial(
  { id: nullable(t.string), name: nullable(t.string), domain: nullable(KeystoneName) },
  'KeystoneScopeProject',
)
export type KeystoneScopeProject = t.TypeOf<typeof KeystoneScopeProject>

/** The application credential that the token was issued for. */
export const KeystoneApplicationCredential = t.partial(
  { id: nullable(t.string), name: nullable(t.string), restricted: nullable(t.boolean), access_rules: t.unknown },
  'KeystoneApplicationCredential',
)
export type KeystoneApplicationCredential = t.TypeOf<typeof KeystoneApplicationCredential>

/** Details of a token. The token itself is in the header `X-Subject-Token`. Only `expires_at` is required, because clients need it to renew the token. */
export const KeystoneToken = t.intersection(
  [
    t.type({
      /** With microseconds. */
      expires_at: DateText,
    }),
    t.partial({
      issued_at: nullable(DateText),
      methods: nullable(t.array(t.string)),
      user: nullable(KeystoneUser),
      /** The scope is one of `project`, `domain`, `system` and `OS-TRUST:trust`; an unscoped token has none, and no catalog. */
      project: nullable(KeystoneScopeProject),
      domain: nullable(KeystoneName),
      /** `{ all: true }` */
      system: t.unknown,
      'OS-TRUST:trust': t.unknown,
      is_domain: nullable(t.boolean),
      is_admin_project: nullable(t.boolean),
      roles: nullable(t.array(KeystoneName)),
      /** Absent with `?nocatalog`. */
      catalog: nullable(KeystoneCatalog),
      application_credential: nullable(KeystoneApplicationCredential),
      audit_ids: nullable(t.array(t.string)),
    }),
  ],
  'KeystoneToken',
)
export type KeystoneToken = t.TypeOf<typeof KeystoneToken>

/** POST (201) and GET (200) /v3/auth/tokens. */
export const KeystoneTokenEnvelope = t.type({ token: KeystoneToken }, 'KeystoneTokenEnvelope')
export type KeystoneTokenEnvelope = t.TypeOf<typeof KeystoneTokenEnvelope>
