import { crosswalk } from './data.ts'
import type { Architecture, ArchitectureProvider } from './types.ts'

/** Every architecture of the crosswalk, ordered by ID. */
export const architectures: readonly Architecture[] = crosswalk.architectures

const indexBy = (readWords: (architecture: Architecture) => readonly string[]): ReadonlyMap<string, Architecture> =>
  new Map(architectures.flatMap((architecture) => readWords(architecture).map((word) => [word, architecture] as const)))

const providers: readonly ArchitectureProvider[] = ['glance', 'hetzner', 'debian', 'incus', 'aws', 'gcp']

// Maps, because `__proto__` and `constructor` may occur as stored words.
const byId = indexBy((architecture) => [architecture.id])
const byWord: ReadonlyMap<ArchitectureProvider, ReadonlyMap<string, Architecture>> = new Map(
  providers.map((provider) => [provider, indexBy((architecture) => architecture.names[provider])] as const),
)

/** Finds the architecture with this canonical ID, which is the kernel's name. Case-sensitive. */
export const findArchitectureById = (id: string): Architecture | undefined => byId.get(id)

/**
 * Finds the architecture by a provider's name; `undefined`: the name is not in the crosswalk.
 *
 * Names are specific to a provider: `x86` is x86_64 at Hetzner and i686 in Incus, and `arm` is aarch64 at Hetzner and armv6l in Incus.
 *
 * Case-sensitive, except for Glance: Nova converts the property to lower case (`Architecture.canonicalize`), and publishers write `AMD64`.
 */
export const findArchitectureByName = (provider: ArchitectureProvider, word: string): Architecture | undefined => {
  const words = byWord.get(provider)
  return words?.get(word) ?? (provider === 'glance' ? words?.get(word.toLowerCase()) : undefined)
}
