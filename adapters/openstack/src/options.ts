import type { ClientOptions, SecretText } from '@imago/http'

// A secret is a text here, or a value that reveals it as it is sent; what is found in a configuration (config/cloud.ts) is always the latter.

/** By id, or by name: as Keystone writes it. */
export type DomainRef = { readonly id: string } | { readonly name: string }

/** A user or a project: by id, or by name within a domain. */
export type DomainMemberRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** What a token is to be good for. */
export type Scope =
  | { readonly kind: 'project'; readonly project: DomainMemberRef }
  | { readonly kind: 'domain'; readonly domain: DomainRef }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly id: string }
  /** Explicitly for nothing, also where the user has a default project. Such a token comes without a catalog. */
  | { readonly kind: 'unscoped' }

/** One way to prove who one is, under Keystone's own name for it. Secrets are revealed anew at each login. */
export type AuthMethod<S = SecretText> =
  | { readonly method: 'password'; readonly user: DomainMemberRef; readonly password: S }
  /** Another token of the same user. What is got for it ends when it does. */
  | { readonly method: 'token'; readonly token: S }
  | {
      readonly method: 'application_credential'
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: DomainMemberRef }
      readonly secret: S
    }
  | {
      readonly method: 'totp'
      readonly user: DomainMemberRef
      /** Good for one login, within its half minute. `null`: there is none, and a login fails with `ConfigInvalid`. */
      readonly passcode: S | null
    }

/** Logs in at Keystone v3 with one method, or with several at once (multi-factor). */
export interface KeystoneAuth<S = SecretText> {
  readonly kind: 'keystone'
  /** Where Keystone is, with or without the version at its end: `https://cloud.example:5000/v3`. */
  readonly url: string
  /** At least one. */
  readonly methods: readonly AuthMethod<S>[]
  /** `null`: the request says none, and Keystone takes the user's default project. With an application credential none is sent: it has its own. */
  readonly scope: Scope | null
}

/** Trades an OpenID Connect access token for Keystone's. */
export interface OidcAuth<S = SecretText> {
  readonly kind: 'oidc'
  /** Where Keystone is, with or without the version at its end. */
  readonly url: string
  /** As Keystone names it, and the protocol. */
  readonly identityProvider: string
  readonly protocol: string
  readonly accessToken: S
  readonly scope: Scope | null
}

/** No login at all: a service that stands alone, and has its address in `endpointOverride`. */
export interface NoAuth {
  readonly kind: 'none'
}

/** How to log in. */
export type OpenstackAuth<S = SecretText> = KeystoneAuth<S> | OidcAuth<S> | NoAuth

/** The services that images need. */
export const SERVICES = ['identity', 'image', 'compute'] as const
/** `block-storage` holds volumes, which are asked for only to see which images they use. */
export type ServiceKey = (typeof SERVICES)[number] | 'block-storage'

/** How to find a service, and how to ask it. What is `null` or left out, is as written. */
export interface ServiceSettings {
  /** Used in place of what the catalog says. May hold `%(project_id)s` and `%(user_id)s`. */
  readonly endpointOverride?: string | null | undefined
  /** `public`, `internal`, `admin`: the best first. `public`. */
  readonly interfaces?: readonly string[] | undefined
  /** As the catalog spells it. That of the region. */
  readonly regionName?: string | null | undefined
  /** As the catalog has it: `image`. */
  readonly serviceType?: string | undefined
  /** As the catalog has it: `glance`. Any. */
  readonly serviceName?: string | null | undefined
  /** Must be one that imago speaks: 3 of identity and block storage, 2 of image and compute. */
  readonly apiVersion?: string | null | undefined
  /** How often a request that may be repeated is, when it was answered with a temporary error: 5. */
  readonly statusCodeRetries?: number | null | undefined
  /** The same, when there was no connection, or it broke: 2. */
  readonly connectRetries?: number | null | undefined
}

/** One region of a cloud, and how to get in. */
export interface OpenstackRegion {
  /** As the catalog spells it. `null`: the first that the catalog has. */
  readonly name: string | null
  readonly auth: OpenstackAuth
  /** For one request, in milliseconds. `null` or left out: as the connection has it. */
  readonly timeoutMs?: number | null | undefined
  readonly services?: { readonly [K in ServiceKey]?: ServiceSettings | undefined } | undefined
}

/** An OpenStack cloud as one user in one project sees one region of it. */
export interface OpenstackOptions {
  /** The name that the user gave to the cloud: it stands in errors and in references to images. */
  readonly name: string | null
  readonly region: OpenstackRegion
  readonly connection: ClientOptions
}
