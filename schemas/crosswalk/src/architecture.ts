import { crosswalk } from './data.ts'
import type { Architecture, ArchitectureProvider } from './types.ts'

/** Every architecture of the crosswalk, ordered by id. */
export const architectures: readonly Architecture[] = crosswalk.architectures

const indexBy = (wordsOf: (architecture: Architecture) => readonly string[]): ReadonlyMap<string, Architecture> =>
  new Map(architectures.flatMap((architecture) => wordsOf(architecture).map((word) => [word, architecture] as const)))

const providers: readonly ArchitectureProvider[] = ['glance', 'hetzner', 'debian', 'incus', 'aws', 'gcp']

// Maps, because `__proto__` and `constructor` are words like any other that somebody may have stored.
const byId = indexBy((architecture) => [architecture.id])
const byWord: ReadonlyMap<ArchitectureProvider, ReadonlyMap<string, Architecture>> = new Map(
  providers.map((provider) => [provider, indexBy((architecture) => architecture.names[provider])] as const),
)

/** The architecture with this canonical id, the kernel's word. Case counts. */
export const architectureById = (id: string): Architecture | undefined => byId.get(id)

/**
 * The architecture that a provider means by a word; undefined: the crosswalk does not know the word.
 *
 * The provider must be said, for `x86` is x86_64 at Hetzner and i686 in Incus, and `arm` is aarch64 at Hetzner and armv6l in Incus.
 *
 * Case counts, except for Glance: Nova reads the property in lower case (`Architecture.canonicalize`), and so `AMD64`, which
 * publishers do write, is found too.
 */
export const architectureOf = (provider: ArchitectureProvider, word: string): Architecture | undefined => {
  const words = byWord.get(provider)
  return words?.get(word) ?? (provider === 'glance' ? words?.get(word.toLowerCase()) : undefined)
}
