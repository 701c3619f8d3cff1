import type { Abortable, ImageResult, Capabilities, ImageReader, ImageSource } from '@imago/core/provider'
import type { ClientOptions, HttpClient } from '@imago/http'
import type { AccountReport } from './account.ts'
import type { ProviderCloud } from './cloud.ts'
import type { DiscoveredClouds } from './discovered.ts'
import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'

// Methods, not properties that hold functions: they may be assigned to what takes any settings (bivariance), as a list of providers does. A cloud goes
// to the provider that discovered it, and to no other.

/** The version of this contract. A provider made for another one is refused by name. */
export const PROVIDER_CONTRACT = 1

export interface DiscoverOptions {
  /**
   * Whether files that merely lie in the working directory may be combined with the user's own. Whoever wrote the one could have the secrets of the
   * others sent to a host of their choice.
   */
  readonly trustDirectory: boolean
}

/** A cloud as `imago clouds` prints it. Never holds a secret. */
export interface CloudRow {
  /** Of the service that is asked first: the API, or the one that logs in. */
  readonly url: string | null
  readonly user: string | null
  readonly project: string | null
  /** How one logs in, in the provider's own terms: `token`, `v3applicationcredential`. */
  readonly auth: string
}

/** For each name of imago's own, the provider's words for it: `aarch64` is `arm` at Hetzner. */
export type Vocabulary = ReadonlyMap<string, readonly string[]>

/** What a provider calls things. Filters accept these words; for its own clouds they win over the words of others. */
export interface ProviderWords {
  readonly architectures: Vocabulary
  readonly operatingSystems: Vocabulary
}

/** A cloud that can be asked. One login serves all of it; nothing is asked before it is needed. */
export interface LiveCloud {
  readonly source: ImageSource
  /** The typed API in the provider's own words. */
  readonly api: unknown
  /** Logs in, and sees that images can be listed. */
  readonly check: (options?: Abortable) => ImageResult<AccountReport>
  /** Sends requests of one's own to a service (`null`: the first of `services`), as the user. Paths are below its address. `null`: there is no such service. */
  readonly client: (service: string | null) => HttpClient | null
}

/** The live half of a provider. */
export interface Connector<Settings = unknown, Live extends LiveCloud = LiveCloud> {
  /** Asks nothing yet. */
  open(cloud: ProviderCloud<Settings>, connection: ClientOptions): Live
}

/** Everything that imago knows of a provider: one value. What is not in `connect()` loads no HTTP. */
export interface Provider<Name extends string = string, Settings = unknown, Live extends LiveCloud = LiveCloud> {
  readonly contract: typeof PROVIDER_CONTRACT
  /** Stands in references and errors, and before a cloud's name: `hetzner/production`. Lower case letters, digits and dashes. */
  readonly name: Name
  /** For people: `Hetzner Cloud`. */
  readonly title: string
  /** Reads saved images. */
  readonly reader: ImageReader
  /** What its clouds can do at best. */
  readonly declared: Capabilities
  readonly words: ProviderWords
  /** The services that can be asked directly, the one for images first. Empty: there is a single API. */
  readonly services: readonly string[]
  /** The length of its images' ids, which a table keeps room for. Absent: short, or it differs. */
  readonly idLength?: number
  /** What it is configured by, for a message that nothing is: `HCLOUD_TOKEN`. */
  readonly configuredBy: readonly string[]
  /** The clouds that the environment configures. Asks no server; loads what parses the files. */
  discover(environment: Environment, options: DiscoverOptions): Promise<DiscoveredClouds<Settings>>
  describe(cloud: ProviderCloud<Settings>): CloudRow
  /** Everything that gives access to a cloud, so that nothing repeats it. */
  secrets(cloud: ProviderCloud<Settings>): readonly Secret[]
  /** The cloud in a region that its configuration does not name. Absent: its clouds have no regions. */
  inRegion?(cloud: ProviderCloud<Settings>, region: string): ProviderCloud<Settings>
  /** Loads the live half: source, typed API, raw requests. */
  connect(): Promise<Connector<Settings, Live>>
}
