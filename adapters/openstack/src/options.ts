import type { ClientOptions, SecretText } from '@imago/http'

// A secret is text, or a value that reveals it when it is sent, as all secrets of a configuration are (config/cloud.ts).

/** By id, or by name: as Keystone writes it. */
export type DomainRef = { readonly id: string } | { readonly name: string }

/** A user or a project: by id, or by name within a domain. */
export type DomainMemberRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** The scope of a token. */
export type Scope =
  | { readonly kind: 'project'; readonly project: DomainMemberRef }
  | { readonly kind: 'domain'; readonly domain: DomainRef }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly id: string }
  /** Explicitly no scope, even if the user has a default project. Such a token has no catalog. */
  | { readonly kind: 'unscoped' }

/** An authentication method, by Keystone's name. Secrets are revealed at each login. */
export type AuthMethod<S = SecretText> =
  | { readonly method: 'password'; readonly user: DomainMemberRef; readonly password: S }
  /** Another token of the same user. The new token expires when it does. */
  | { readonly method: 'token'; readonly token: S }
  | {
      readonly method: 'application_credential'
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: DomainMemberRef }
      readonly secret: S
    }
  | {
      readonly method: 'totp'
      readonly user: DomainMemberRef
      /** Valid for one login within 30 seconds. `null`: not configured, and a login fails with `ConfigInvalid`. */
      readonly passcode: S | null
    }

/** Logs in at Keystone v3 with one method, or with several at once (multi-factor). */
export interface KeystoneAuth<S = SecretText> {
  readonly kind: 'keystone'
  /** The address of Keystone, with or without the version: `https://cloud.example:5000/v3`. */
  readonly url: string
  /** At least one. */
  readonly methods: readonly AuthMethod<S>[]
  /** `null`: none is sent, and Keystone uses the user's default project. Application credentials have their own scope. */
  readonly scope: Scope | null
}

/** Exchanges an OpenID Connect access token for a token of Keystone. */
export interface OidcAuth<S = SecretText> {
  readonly kind: 'oidc'
  /** The address of Keystone, with or without the version. */
  readonly url: string
  /** As Keystone names it, and the protocol. */
  readonly identityProvider: string
  readonly protocol: string
  readonly accessToken: S
  readonly scope: Scope | null
}

/** No login: a standalone service, whose address is `endpointOverride`. */
export interface NoAuth {
  readonly kind: 'none'
}

/** How to log in. */
export type OpenstackAuth<S = SecretText> = KeystoneAuth<S> | OidcAuth<S> | NoAuth

/** The services that images need. */
export const SERVICES = ['identity', 'image', 'compute'] as const
/** `block-storage` holds volumes, which are asked for only to see which images they use. */
export type ServiceKey = (typeof SERVICES)[number] | 'block-storage'

/** How to find and call a service. `null` or absent: the default. */
export interface ServiceSettings {
  /** Replaces the address of the catalog. May contain `%(project_id)s` and `%(user_id)s`. Default: none. */
  readonly endpointOverride?: string | null | undefined
  /** `public`, `internal`, `admin`, in the order of preference. Default: `public`. */
  readonly interfaces?: readonly string[] | undefined
  /** As the catalog spells it. Default: the region's. */
  readonly regionName?: string | null | undefined
  /** As in the catalog: `image`. */
  readonly serviceType?: string | undefined
  /** As in the catalog: `glance`. Default: any. */
  readonly serviceName?: string | null | undefined
  /** Must be one that imago speaks: 3 of identity and block storage, 2 of image and compute. */
  readonly apiVersion?: string | null | undefined
  /** Retries of a repeatable request after a temporary error. Default: 5. */
  readonly statusCodeRetries?: number | null | undefined
  /** Retries after a failed or broken connection. Default: 2. */
  readonly connectRetries?: number | null | undefined
}

/** One region of a cloud, with its credentials. */
export interface OpenstackRegion {
  /** As the catalog spells it. `null`: the first one of the catalog. */
  readonly name: string | null
  readonly auth: OpenstackAuth
  /** For one request, in milliseconds. Default: the connection's. */
  readonly timeoutMs?: number | null | undefined
  readonly services?: { readonly [K in ServiceKey]?: ServiceSettings | undefined } | undefined
}

/** An OpenStack cloud, as one user of one project sees one region of it. */
export interface OpenstackOptions {
  /** The user's name of the cloud, for errors and references to images. */
  readonly name: string | null
  readonly region: OpenstackRegion
  readonly connection: ClientOptions
}
