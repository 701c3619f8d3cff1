import { crosswalk } from './data.ts'
import type { OperatingSystem, Vocabulary } from './types.ts'

/** Every operating system of the crosswalk, ordered by id without regard to case. */
export const operatingSystems: readonly OperatingSystem[] = crosswalk.operatingSystems

const present = (word: string | null): readonly string[] => (word === null ? [] : [word])

const indexBy = (wordsOf: (system: OperatingSystem) => readonly string[]): ReadonlyMap<string, OperatingSystem> =>
  new Map(operatingSystems.flatMap((system) => wordsOf(system).map((word) => [word, system] as const)))

// Maps, because `__proto__` and `constructor` are words like any other that somebody may have stored.
const byId = indexBy((system) => [system.id])
const byDeprecatedGlanceWord = indexBy((system) => system.glance.deprecated)
const byWord: ReadonlyMap<Vocabulary, ReadonlyMap<string, OperatingSystem>> = new Map([
  ['glance', indexBy((system) => present(system.glance.word))],
  ['libosinfo', indexBy((system) => present(system.libosinfo))],
  ['hetzner', indexBy((system) => present(system.hetzner))],
  ['endoflife', indexBy((system) => system.endoflife)],
])

/**
 * The operating system with this canonical id.
 *
 * Case counts: os-release IDs are lower case but for `openEuler`, and `openeuler` is unknown.
 */
export const operatingSystemById = (id: string): OperatingSystem | undefined => byId.get(id)

/**
 * The operating system that a vocabulary means by a word; undefined: the crosswalk does not know the word.
 *
 * The word as documented comes first; for Glance, the spellings it documents as deprecated (`org.fedoraproject`, `CentOS`) come
 * second. Case counts in every vocabulary, and nothing is guessed: the capital spellings that Glance repairs are listed one by one.
 *
 * Glance's list is short. People write os-release IDs (`almalinux`) and libosinfo's words (`alpinelinux`) into `os_distro` too, and
 * whoever wants those goes on with `operatingSystemById(word) ?? operatingSystemOf('libosinfo', word)`.
 */
export const operatingSystemOf = (vocabulary: Vocabulary, word: string): OperatingSystem | undefined =>
  byWord.get(vocabulary)?.get(word) ?? (vocabulary === 'glance' ? byDeprecatedGlanceWord.get(word) : undefined)
