import { crosswalk } from './data.ts'
import type { OperatingSystem, Vocabulary } from './types.ts'

/** Every operating system of the crosswalk, ordered by ID, ignoring case. */
export const operatingSystems: readonly OperatingSystem[] = crosswalk.operatingSystems

const present = (word: string | null): readonly string[] => (word === null ? [] : [word])

const indexBy = (readWords: (system: OperatingSystem) => readonly string[]): ReadonlyMap<string, OperatingSystem> =>
  new Map(operatingSystems.flatMap((system) => readWords(system).map((word) => [word, system] as const)))

// Maps, because `__proto__` and `constructor` may occur as stored words.
const byId = indexBy((system) => [system.id])
const byDeprecatedGlanceWord = indexBy((system) => system.glance.deprecated)
const byWord: ReadonlyMap<Vocabulary, ReadonlyMap<string, OperatingSystem>> = new Map([
  ['glance', indexBy((system) => present(system.glance.word))],
  ['libosinfo', indexBy((system) => present(system.libosinfo))],
  ['hetzner', indexBy((system) => present(system.hetzner))],
  ['endoflife', indexBy((system) => system.endoflife)],
])

/**
 * Finds the operating system with this canonical ID.
 *
 * Case-sensitive: os-release IDs are in lower case except for `openEuler`, and `openeuler` is unknown.
 */
export const findOperatingSystemById = (id: string): OperatingSystem | undefined => byId.get(id)

/**
 * Finds the operating system by its name in a vocabulary; `undefined`: the name is not in the crosswalk.
 *
 * For Glance, the spellings that it documents as deprecated (`org.fedoraproject`, `CentOS`) are found, too, after the documented ones.
 * Case-sensitive in every vocabulary.
 *
 * Users also write os-release IDs (`almalinux`) and libosinfo's names (`alpinelinux`) into Glance's `os_distro`. To find those, continue with
 * `findOperatingSystemById(word) ?? findOperatingSystemByName('libosinfo', word)`.
 */
export const findOperatingSystemByName = (vocabulary: Vocabulary, word: string): OperatingSystem | undefined =>
  byWord.get(vocabulary)?.get(word) ?? (vocabulary === 'glance' ? byDeprecatedGlanceWord.get(word) : undefined)
