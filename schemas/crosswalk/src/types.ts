/** A vocabulary of operating systems: Glance's `os_distro`, libosinfo's distro, Hetzner's `os_flavor`, endoflife.date's products. */
export type Vocabulary = 'glance' | 'libosinfo' | 'hetzner' | 'endoflife'

/** A provider with its own names for architectures: `x86` is x86_64 at Hetzner and i686 in Incus. */
export type ArchitectureProvider = 'glance' | 'hetzner' | 'debian' | 'incus' | 'aws' | 'gcp'

/** The broad kind of an operating system. */
export type OperatingSystemFamily = 'linux' | 'windows' | 'bsd' | 'macos' | 'other'

/** A source of facts. */
export interface Source {
  readonly title: string
  readonly url: string
  /** The day when the facts were last compared with the source, `YYYY-MM-DD` in UTC. */
  readonly checked: string
}

/** An operating system or distribution, and its names, in the spelling and case of each vocabulary. */
export interface OperatingSystem {
  /** The canonical name: the ID of the system's os-release file, in its case (`openEuler`), or a pseudo-ID if `osRelease` is false. */
  readonly id: string
  /** Whether the ID is from the system's os-release file; false if it has none, as `windows` and `macos`. */
  readonly osRelease: boolean
  /** The display name. */
  readonly name: string
  /** The broad kind of system. */
  readonly family: OperatingSystemFamily
  /** ID_LIKE of the newest examined release, nearest first. Not every name in it has an entry (`suse`). */
  readonly like: readonly string[]
  /** Values of Glance's property `os_distro`: the documented one (null: none), and the spellings documented as deprecated. */
  readonly glance: { readonly word: string | null; readonly deprecated: readonly string[] }
  /** The distro name in libosinfo's database; null: none for this system. */
  readonly libosinfo: string | null
  /** The `os_flavor` of a Hetzner Cloud image; null: none. */
  readonly hetzner: string | null
  /** Product names at endoflife.date, most general first; empty: none for this system. */
  readonly endoflife: readonly string[]
  /** A note; null: none. */
  readonly note: string | null
  /** Keys into `Crosswalk.sources`. */
  readonly sources: readonly string[]
}

/** A processor architecture, and its names. */
export interface Architecture {
  /** The canonical name: that of the kernel (`uname -m`), which libvirt and libosinfo use, too. */
  readonly id: string
  /** Size of a pointer. */
  readonly bits: 32 | 64
  /** The names at each provider: first the one to write, then other accepted spellings; empty: none. */
  readonly names: { readonly [P in ArchitectureProvider]: readonly string[] }
  /** A note; null: none. */
  readonly note: string | null
  /** Keys into `Crosswalk.sources`. */
  readonly sources: readonly string[]
}

/** The content of `data/crosswalk.json`, whose schema is `urn:imago:schema:crosswalk:1`. */
export interface Crosswalk {
  /** Version of the data, not of the package. */
  readonly version: string
  /** The sources of the facts, by the key that entries cite. */
  readonly sources: { readonly [key: string]: Source }
  /** Ordered by ID, ignoring case. */
  readonly operatingSystems: readonly OperatingSystem[]
  /** Ordered by ID. */
  readonly architectures: readonly Architecture[]
}
