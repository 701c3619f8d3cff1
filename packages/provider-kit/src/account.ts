import type { ImageError } from '@imago/core/provider'

/** A service of a cloud, as it answers. */
export interface ServiceState {
  /** One of the provider's `services`; `api` where it has a single one. */
  readonly service: string
  readonly url: string | null
  /** The API versions that it announces, newest first. */
  readonly versions: readonly string[]
  readonly error: ImageError | null
}

/** What a login reports. None of it is secret. */
export interface AccountReport {
  readonly user: string | null
  readonly project: string | null
  readonly roles: readonly string[]
  /** RFC 3339; `null`: never, or unknown. */
  readonly expiresAt: string | null
  readonly services: readonly ServiceState[]
}
