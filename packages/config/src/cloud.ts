import type { Secret } from './secret.ts'

/** Where something of a cloud was found. */
export type Origin = { readonly file: string } | { readonly variable: string }

interface Found {
  /** The name that the user gave to it: an hcloud context, an entry of clouds.yaml, or `envvars` for the environment. */
  readonly name: string
  /** Whether the provider's own client would take it when none is named. */
  readonly isDefault: boolean
  /** Every file and variable that it was put together from. */
  readonly origin: readonly Origin[]
}

/** How the temporary servers that move images into Hetzner Cloud and out of it are to be. `null`: not said. */
export interface RescueSettings {
  /** As `fsn1`. */
  readonly location: string | null
  /** As `cx23`. */
  readonly serverType: string | null
  /** Where SSH listens in the rescue system. */
  readonly sshPort: number | null
}

/** A project at Hetzner Cloud. */
export interface HetznerCloud extends Found {
  readonly provider: 'hetzner'
  /** None: a project is global. */
  readonly regions: readonly []
  /** Of the API, without a slash at its end. */
  readonly endpoint: string
  readonly token: Secret
  readonly rescue: RescueSettings
}

/** By id, or by name: as Keystone writes it. */
export type DomainRef = { readonly id: string } | { readonly name: string }
/** By id, or by name within a domain. */
export type UserRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }
/** By id, or by name within a domain. */
export type ProjectRef = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** What a token is to be good for. */
export type Scope =
  | { readonly kind: 'project'; readonly project: ProjectRef }
  | { readonly kind: 'domain'; readonly domain: DomainRef }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly id: string }

/** One way to prove who one is, under Keystone's own name for it. */
export type AuthMethod =
  | { readonly method: 'password'; readonly user: UserRef; readonly password: Secret }
  | { readonly method: 'token'; readonly token: Secret }
  | { readonly method: 'application_credential'; readonly credential: { readonly id: string } | { readonly name: string; readonly user: UserRef }; readonly secret: Secret }
  | {
      readonly method: 'totp'
      readonly user: UserRef
      /** `null`: must be asked for. */
      readonly passcode: Secret | null
    }

/** Logs in at Keystone with one method, or with several at once (multi-factor). */
export interface KeystoneAuth {
  readonly kind: 'keystone'
  /** The auth plugin, as clouds.yaml names it. */
  readonly type: 'password' | 'token' | 'v3applicationcredential' | 'v3totp' | 'v3multifactor'
  readonly url: string
  /** At least one. */
  readonly methods: readonly AuthMethod[]
  /** `null`: the request says none. So it must be for application credentials: theirs is fixed. */
  readonly scope: Scope | null
}

/** Trades an OpenID Connect access token for Keystone's. */
export interface OidcAuth {
  readonly kind: 'oidc'
  readonly type: 'v3oidcaccesstoken'
  readonly url: string
  readonly identityProvider: string
  readonly protocol: string
  readonly accessToken: Secret
  readonly scope: Scope | null
}

/** No login at all: a service that stands alone. */
export interface NoAuth {
  readonly kind: 'none'
  readonly type: 'none'
}

/** How to log in at an OpenStack cloud. */
export type OpenstackAuth = KeystoneAuth | OidcAuth | NoAuth

/** How to find a service, and how to ask it. */
export interface ServiceSettings {
  /** Used in place of what the catalog says. May hold `%(project_id)s`. */
  readonly endpointOverride: string | null
  /** `public`, `internal`, `admin`: the best first. */
  readonly interfaces: readonly string[]
  /** As the catalog spells it. `null`: the first that the catalog has. */
  readonly regionName: string | null
  readonly serviceType: string
  readonly serviceName: string | null
  readonly apiVersion: string | null
  /** How often a request that was answered with a temporary error is repeated. */
  readonly statusCodeRetries: number | null
  readonly connectRetries: number | null
}

/** How the servers of a cloud are to be trusted. Paths are absolute. */
export interface TlsSettings {
  /** `false`: any certificate is accepted. */
  readonly verify: boolean
  /** Certificates to trust in place of the system's. */
  readonly caFile: string | null
  /** The client's own certificate. */
  readonly certFile: string | null
  readonly keyFile: string | null
}

/** One region of an OpenStack cloud: everything may differ from one to the next. */
export interface OpenstackRegion {
  /** `null`: the configuration names none. */
  readonly name: string | null
  readonly auth: OpenstackAuth
  readonly tls: TlsSettings
  /** For one request. `null`: not said. */
  readonly timeoutMs: number | null
  readonly services: { readonly identity: ServiceSettings; readonly image: ServiceSettings; readonly compute: ServiceSettings }
}

/** An OpenStack cloud, as one user in one project. */
export interface OpenstackCloud extends Found {
  readonly provider: 'openstack'
  /** At least one; the first is the one that `openstack` takes when none is named. */
  readonly regions: readonly OpenstackRegion[]
}

/** A cloud that a person has configured. Secrets in it print as `***`. */
export type Cloud = HetznerCloud | OpenstackCloud
