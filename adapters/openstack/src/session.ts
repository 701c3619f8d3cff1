import type { Abortable, Answer, CloudIdentity, ImageError } from '@imago/core'
import type { HttpClient } from '@imago/http'
import type { KeystoneCatalog } from '@imago/schema-openstack'
import type { Endpoint } from './auth/endpoint.ts'
import type { TokenInfo } from './auth/token-info.ts'
import type { ServiceKey } from './options.ts'

/** An API version that a service says it speaks. */
export interface ApiVersion {
  /** `v2.16` */
  readonly id: string
  /** `CURRENT`, `SUPPORTED`, `stable` … `null`: it does not say. */
  readonly status: string | null
}

/** Where a service is, and what it says it speaks. */
export interface ServiceReport {
  readonly service: ServiceKey
  /** `null`: none was found; `error` says why. */
  readonly endpoint: Endpoint | null
  /** `null`: it did not tell; `error` says why. */
  readonly versions: readonly ApiVersion[] | null
  readonly error: ImageError | null
}

/**
 * A cloud that one has logged in to, or will when first asked.
 * - Nothing is asked before it is needed. One login serves however many ask at once; it is renewed before it expires, and once when it is refused.
 * - The clients fail with `LoginFailed` where there is no login, or no such service; `toImageErrorFromFailure` gives the reason.
 * - The token goes to the chosen endpoints and to Keystone, and to nothing else.
 */
export interface Session {
  readonly cloud: CloudIdentity
  /** Glance. Paths are below its root, with the version: `/v2/images`. */
  readonly image: HttpClient
  /** Nova. Paths are below its endpoint, without the version: `/servers/ID`. For a microversion, add the headers of `microversion`. */
  readonly compute: HttpClient
  /** Keystone. Paths are below its `/v3`: `/auth/projects`. Nothing to log in with is among them: that goes by itself. */
  readonly keystone: HttpClient
  /** Whose token it is, what it is good for, and how long. */
  readonly identity: (options?: Abortable) => Answer<TokenInfo>
  /** What the token came with. Empty without login, and for a token without scope. */
  readonly catalog: (options?: Abortable) => Answer<KeystoneCatalog>
  /** Where a service is, as it is asked; asks nobody but Keystone, for a login. `ConfigInvalid`: the catalog has none that fits. */
  readonly endpoint: (service: ServiceKey, options?: Abortable) => Answer<Endpoint>
  /** All services, and the versions that each says it speaks. Fails only where the login does. */
  readonly services: (options?: Abortable) => Answer<readonly ServiceReport[]>
}
