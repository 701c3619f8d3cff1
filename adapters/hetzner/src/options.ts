import type { ClientOptions, Middleware, SecretText } from '@imago/http'
import type { Duplex } from 'node:stream'

/** Where Hetzner Cloud's API is. */
export const HETZNER_ENDPOINT = 'https://api.hetzner.cloud/v1'

/** How temporary servers in their rescue system are made and reached: those that `createFromBytes` and `download` move bytes with. */
export interface RescueOptions {
  /** Where a server is made, as `fsn1`; the cheapest place unless said. */
  readonly location?: string | undefined
  /** The kind of server, as `cx23`; the smallest disk that fits, then the cheapest, unless said. */
  readonly serverType?: string | undefined
  /** Where SSH listens; 22 unless said. */
  readonly sshPort?: number | undefined
  /** Opens a connection to a server; by TCP unless said. A failure is a rejection. */
  readonly connect?: ((host: string, port: number) => Promise<Duplex>) | undefined
}

/** One project of Hetzner Cloud: a token belongs to exactly one, and may be allowed to read only. */
export interface HetznerOptions {
  /** The name that the user gave to this cloud; it stands in the `ref` of every image and in every error. `null`: none. */
  readonly name: string | null
  /** Address of the API with its version; `HETZNER_ENDPOINT` unless said. The token goes to this host and no other. */
  readonly endpoint?: string | undefined
  readonly token: SecretText
  readonly connection: ClientOptions
  /** A `rateLimit` that refills `gradually`, shared by all clients of this project. Left out: this client keeps its own. */
  readonly rateLimit?: Middleware | undefined
  readonly rescue?: RescueOptions | undefined
}
