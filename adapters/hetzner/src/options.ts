import type { ClientOptions, Middleware, SecretText } from '@imago/http'
import type { Duplex } from 'node:stream'

/** The address of Hetzner Cloud's API. */
export const HETZNER_ENDPOINT = 'https://api.hetzner.cloud/v1'

/** How `createFromBytes` and `download` create and reach temporary servers in their rescue system. */
export interface RescueOptions {
  /** A location such as `fsn1`. Default: the cheapest. */
  readonly location?: string | undefined
  /** A server type such as `cx23`. Default: the smallest disk that fits, then the cheapest. */
  readonly serverType?: string | undefined
  /** The SSH port. Default: 22. */
  readonly sshPort?: number | undefined
  /** Opens a connection to a server; rejects if it fails. Default: TCP. */
  readonly connect?: ((host: string, port: number) => Promise<Duplex>) | undefined
}

/** One project of Hetzner Cloud. A token belongs to one project, and may be read-only. */
export interface HetznerOptions {
  /** The user's name of the cloud, for errors and the `ref` of images. `null`: none. */
  readonly name: string | null
  /** The address of the API with its version. The token is sent to this host only. Default: `HETZNER_ENDPOINT`. */
  readonly endpoint?: string | undefined
  readonly token: SecretText
  readonly connection: ClientOptions
  /** A `rateLimit` that refills `gradually`, shared by all clients of this project. Default: one for this client. */
  readonly rateLimit?: Middleware | undefined
  readonly rescue?: RescueOptions | undefined
}
