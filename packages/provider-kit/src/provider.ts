import type { Abortable, ImageResult, Capabilities, Image, ImageReader, ImageSource } from '@imago/core/provider'
import type { ClientOptions, HttpClient } from '@imago/http'
import type { AccountReport } from './account.ts'
import type { ProviderCloud } from './cloud.ts'
import type { DiscoveredClouds } from './discovered.ts'
import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'

// Methods instead of function properties: method parameters are bivariant, so providers with different settings fit in one list. This is safe because
// a cloud is only passed to the provider that discovered it.

/** The version of this contract. A provider for another version is rejected. */
export const PROVIDER_CONTRACT = 1

/** Options of `Provider.discover`. */
export interface DiscoverOptions {
  /**
   * Whether files in the working directory may be combined with the user's own files. The author of such a file could redirect the user's secrets to
   * another host.
   */
  readonly trustDirectory: boolean
}

/** A cloud as `imago clouds` prints it. Never holds a secret. */
export interface CloudRow {
  /** The address of the first service that is called: the API, or the login service. */
  readonly url: string | null
  readonly user: string | null
  readonly project: string | null
  /** The authentication method, in the provider's terms: `token`, `v3applicationcredential`. */
  readonly auth: string
}

/** Maps each of imago's names to the provider's names: `aarch64` is `arm` at Hetzner. */
export type Vocabulary = ReadonlyMap<string, readonly string[]>

/**
 * The provider's names for common values. Filters accept them; for the provider's own clouds they take precedence over the names of other providers.
 */
export interface ProviderWords {
  readonly architectures: Vocabulary
  readonly operatingSystems: Vocabulary
}

/** A cloud that is ready for requests. All of it shares one login; requests are sent only when needed. */
export interface LiveCloud {
  readonly source: ImageSource
  /** The typed API in the provider's own terms. */
  readonly api: unknown
  /** Logs in and checks that images can be listed. */
  readonly check: (options?: Abortable) => ImageResult<AccountReport>
  /**
   * Returns an authenticated client for raw requests to a service (`null`: the first of `services`). Paths are relative to its endpoint. `null`: the
   * service does not exist.
   */
  readonly client: (service: string | null) => HttpClient | null
}

/** The live half of a provider. */
export interface Connector<Settings = unknown, Live extends LiveCloud = LiveCloud> {
  /** Opens a cloud. Sends no request. */
  open(cloud: ProviderCloud<Settings>, connection: ClientOptions): Live
}

/** A resource with data of an image that the provider does not delete together with the image. */
export interface RemainingResource {
  /** The kind of resource: `volume-snapshot`. */
  readonly kind: string
  readonly id: string
  /** The kind in the provider's terms: `Cinder snapshot`. */
  readonly title: string
  /** The command of the provider's own client that deletes it. */
  readonly deleteCommand: string
}

/** A provider as a single value. Only `connect()` loads HTTP. */
export interface Provider<Name extends string = string, Settings = unknown, Live extends LiveCloud = LiveCloud> {
  readonly contract: typeof PROVIDER_CONTRACT
  /** The prefix in references, errors and cloud names: `hetzner/production`. Lower case letters, digits and dashes. */
  readonly name: Name
  /** The name for people: `Hetzner Cloud`. */
  readonly title: string
  /** Reads saved images. */
  readonly reader: ImageReader
  /** The most that any of its clouds can do. */
  readonly declared: Capabilities
  readonly words: ProviderWords
  /** The services that accept raw requests, the image service first. Empty: the provider has a single API. */
  readonly services: readonly string[]
  /** The length of an image ID, for the width of table columns. Absent: IDs are short, or their lengths differ. */
  readonly idLength?: number
  /** The variables and files that configure it, for the message that no cloud is configured: `HCLOUD_TOKEN`. */
  readonly configuredBy: readonly string[]
  /** Returns the clouds that the environment configures. Sends no request; loads the parsers of the files. */
  discover(environment: Environment, options: DiscoverOptions): Promise<DiscoveredClouds<Settings>>
  describe(cloud: ProviderCloud<Settings>): CloudRow
  /** Returns every secret of a cloud, so that output can mask them. */
  secrets(cloud: ProviderCloud<Settings>): readonly Secret[]
  /** Returns the cloud in a region that its configuration does not name. Absent: the provider has no regions. */
  inRegion?(cloud: ProviderCloud<Settings>, region: string): ProviderCloud<Settings>
  /** Returns the resources with data of an image that remain when it is deleted. Absent: none do. */
  findRemaining?(image: Image): readonly RemainingResource[]
  /** Loads the live half: source, typed API, raw requests. */
  connect(): Promise<Connector<Settings, Live>>
}
