import type { ImageError } from '@imago/core/provider'

/** The state of one service of a cloud, as its server returns it. */
export interface ServiceState {
  /** One of the provider's `services`; `api` if the provider has a single API. */
  readonly service: string
  readonly url: string | null
  /** The API versions that the service announces, newest first. */
  readonly versions: readonly string[]
  readonly error: ImageError | null
}

/** The account and its expiry, as the login returns them. Holds no secret. */
export interface AccountReport {
  readonly user: string | null
  readonly project: string | null
  readonly roles: readonly string[]
  /** RFC 3339; `null`: never, or unknown. */
  readonly expiresAt: string | null
  readonly services: readonly ServiceState[]
}
