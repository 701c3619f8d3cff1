import type { Abortable, Answer, ImageError, ImageSource } from '@imago/core'
import type { HttpClient } from '@imago/http'

/** The services that can be asked directly. */
export const API_SERVICES = ['image', 'compute', 'identity'] as const
export type ApiService = (typeof API_SERVICES)[number]

/** A service of a cloud, as it answers. */
export interface ServiceState {
  /** `image`, `compute`, `identity`; `api` where there is one for all. */
  readonly service: string
  readonly url: string | null
  /** The versions it says it speaks, the newest first. */
  readonly versions: readonly string[]
  readonly error: ImageError | null
}

/** What a login tells. None of it is secret. */
export interface AccountReport {
  readonly user: string | null
  readonly project: string | null
  readonly roles: readonly string[]
  /** RFC 3339; `null`: never, or nobody says. */
  readonly expiresAt: string | null
  readonly services: readonly ServiceState[]
}

/** A configured cloud, ready to be asked. Asks nothing before it is used. */
export interface Access {
  readonly source: ImageSource
  /** Logs in, and sees that images can be listed. */
  readonly check: (options: Abortable) => Answer<AccountReport>
  /** Asks a service as the user; `null`: this provider has no such service. Paths are below the address of the service. */
  readonly client: (service: ApiService) => HttpClient | null
}
