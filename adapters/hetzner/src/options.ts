import type { Connection, Middleware, SecretText } from '@imago/http'

/** Where Hetzner Cloud's API is. */
export const HETZNER_ENDPOINT = 'https://api.hetzner.cloud/v1'

/** One project of Hetzner Cloud: a token belongs to exactly one, and may be allowed to read only. */
export interface HetznerOptions {
  /** The name that the user gave to this cloud; it stands in the `ref` of every image and in every error. `null`: none. */
  readonly name: string | null
  /** Address of the API with its version; `HETZNER_ENDPOINT` unless said. The token goes to this host and no other. */
  readonly endpoint?: string | undefined
  readonly token: SecretText
  readonly connection: Connection
  /** A `rateLimit` that refills `gradually`, shared by all clients of this project. Left out: this client keeps its own. */
  readonly rateLimit?: Middleware | undefined
}
