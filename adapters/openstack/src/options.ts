import type { Prices } from '@imago/core/provider'
import type { ClientOptions, SecretText } from '@imago/http'

// A secret is text or an object that reveals it when needed, as all secrets of a configuration are (config/cloud.ts).

/** A domain by ID or by name, in Keystone's format. */
export type DomainRef = { readonly id: string } | { readonly name: string }

/** A user or a project: by ID, or by name within a domain. */
export type DomainMemberRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** The scope of a token. */
export type Scope =
  | { readonly kind: 'project'; readonly project: DomainMemberRef }
  | { readonly kind: 'domain'; readonly domain: DomainRef }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly id: string }
  /** Explicitly unscoped, even if the user has a default project. The token has no catalog. */
  | { readonly kind: 'unscoped' }

/** An auth method with Keystone's name. Secrets are revealed at each login. */
export type AuthMethod<S = SecretText> =
  | { readonly method: 'password'; readonly user: DomainMemberRef; readonly password: S }
  /** Another token of the same user; the new token expires at the same time. */
  | { readonly method: 'token'; readonly token: S }
  | {
      readonly method: 'application_credential'
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: DomainMemberRef }
      readonly secret: S
    }
  | {
      readonly method: 'totp'
      readonly user: DomainMemberRef
      /** Valid for one login within 30 seconds. `null`: the login fails with `ConfigInvalid`. */
      readonly passcode: S | null
    }

/** Login at Keystone v3 with one method, or several at once (multi-factor). */
export interface KeystoneAuth<S = SecretText> {
  readonly kind: 'keystone'
  /** Address of Keystone, with or without the version: `https://cloud.example:5000/v3`. */
  readonly url: string
  /** At least one. */
  readonly methods: readonly AuthMethod<S>[]
  /** `null`: Keystone uses the user's default project. Application credentials have a fixed scope. */
  readonly scope: Scope | null
}

/** Exchanges an OpenID Connect access token for a Keystone token. */
export interface OidcAuth<S = SecretText> {
  readonly kind: 'oidc'
  /** Address of Keystone, with or without the version. */
  readonly url: string
  /** Name of the identity provider in Keystone. */
  readonly identityProvider: string
  readonly protocol: string
  readonly accessToken: S
  readonly scope: Scope | null
}

/** No login: a standalone service at `endpointOverride`. */
export interface NoAuth {
  readonly kind: 'none'
}

/** Credentials of a cloud. */
export type OpenstackAuth<S = SecretText> = KeystoneAuth<S> | OidcAuth<S> | NoAuth

/** The services that images require. */
export const SERVICES = ['identity', 'image', 'compute'] as const
/** `block-storage` is used only to find volumes created from images. */
export type ServiceKey = (typeof SERVICES)[number] | 'block-storage'

/** How to locate and call a service. `null` or absent: the default. */
export interface ServiceSettings {
  /** Replaces the catalog's address. May contain `%(project_id)s` and `%(user_id)s`. Default: none. */
  readonly endpointOverride?: string | null | undefined
  /** `public`, `internal`, `admin`, in order of preference. Default: `public`. */
  readonly interfaces?: readonly string[] | undefined
  /** Name in the catalog. Default: the region's. */
  readonly regionName?: string | null | undefined
  /** Type in the catalog: `image`. */
  readonly serviceType?: string | undefined
  /** Name in the catalog: `glance`. Default: any. */
  readonly serviceName?: string | null | undefined
  /** A supported version: 3 of identity and block storage, 2 of image and compute. */
  readonly apiVersion?: string | null | undefined
  /** Retries of an idempotent request after a temporary error. Default: 5. */
  readonly statusCodeRetries?: number | null | undefined
  /** Retries after a connection failure. Default: 2. */
  readonly connectRetries?: number | null | undefined
}

/** One region of a cloud, with its credentials. */
export interface OpenstackRegion {
  /** Name in the catalog; `null`: the catalog's first region. */
  readonly name: string | null
  readonly auth: OpenstackAuth
  /** Timeout of one request, in milliseconds. Default: the connection's. */
  readonly timeoutMs?: number | null | undefined
  readonly services?: { readonly [K in ServiceKey]?: ServiceSettings | undefined } | undefined
  /** What storing images costs. OpenStack does not report it. Default: unknown. */
  readonly prices?: Prices | null | undefined
}

/** One region of an OpenStack cloud, with one user's credentials. */
export interface OpenstackOptions {
  /** The user's name of the cloud, for errors and image references. */
  readonly name: string | null
  readonly region: OpenstackRegion
  readonly connection: ClientOptions
}
