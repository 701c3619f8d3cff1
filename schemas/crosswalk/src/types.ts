/** A vocabulary that has words for operating systems: Glance's `os_distro`, libosinfo's distro, Hetzner's `os_flavor`, endoflife.date's products. */
export type Vocabulary = 'glance' | 'libosinfo' | 'hetzner' | 'endoflife'

/** Whoever has words for architectures. A word means something only together with it: `x86` is x86_64 at Hetzner and i686 in Incus. */
export type ArchitectureProvider = 'glance' | 'hetzner' | 'debian' | 'incus' | 'aws' | 'gcp'

/** The broad kind of an operating system. */
export type OperatingSystemFamily = 'linux' | 'windows' | 'bsd' | 'macos' | 'other'

/** Where a fact comes from. */
export interface Source {
  /** What it is. */
  readonly title: string
  /** Where to read it. */
  readonly url: string
  /** The day on which the facts were last compared with it, `YYYY-MM-DD` in UTC. */
  readonly checked: string
}

/** An operating system or distribution, and its words. A word is kept in its vocabulary's own spelling and case. */
export interface OperatingSystem {
  /** The canonical word: the ID of its own os-release file, in that file's case (`openEuler`), or a pseudo-ID where `osRelease` is false. */
  readonly id: string
  /** Whether the system's own os-release file says this ID; false for `windows`, `macos` and whatever has no such file. */
  readonly osRelease: boolean
  /** The name for people. */
  readonly name: string
  /** The broad kind of system. */
  readonly family: OperatingSystemFamily
  /** ID_LIKE of the newest release that was looked at, nearest first. Not every word in it has an entry (`suse`). */
  readonly like: readonly string[]
  /** Words of Glance's property `os_distro`: the documented one (null: Glance's list has none), and the spellings it says not to use. */
  readonly glance: { readonly word: string | null; readonly deprecated: readonly string[] }
  /** The distro word of libosinfo's database; null: it has none of its own for this system. */
  readonly libosinfo: string | null
  /** The `os_flavor` of a Hetzner Cloud image; null: Hetzner has none. */
  readonly hetzner: string | null
  /** Product names at endoflife.date, the most general first; empty: it has none of its own for this system. */
  readonly endoflife: readonly string[]
  /** What the other fields cannot say; null: nothing. */
  readonly note: string | null
  /** Keys into `Crosswalk.sources`. */
  readonly sources: readonly string[]
}

/** A processor architecture, and its words. */
export interface Architecture {
  /** The canonical word: the kernel's (`uname -m`), as libvirt and libosinfo use it. */
  readonly id: string
  /** Size of a pointer. */
  readonly bits: 32 | 64
  /** What each provider calls it: the word to write first, then others to be read; empty: that provider has no word for it. */
  readonly names: { readonly [P in ArchitectureProvider]: readonly string[] }
  /** What the other fields cannot say; null: nothing. */
  readonly note: string | null
  /** Keys into `Crosswalk.sources`. */
  readonly sources: readonly string[]
}

/** The whole of `data/crosswalk.json`, whose schema is `urn:imago:schema:crosswalk:1`. */
export interface Crosswalk {
  /** Version of the data, not of the package. */
  readonly version: string
  /** Where the facts come from, by the key that entries cite. */
  readonly sources: { readonly [key: string]: Source }
  /** Ordered by id, without regard to case. */
  readonly operatingSystems: readonly OperatingSystem[]
  /** Ordered by id. */
  readonly architectures: readonly Architecture[]
}
