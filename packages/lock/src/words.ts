import { architectures, operatingSystems } from '@imago/crosswalk'
import * as E from 'fp-ts/lib/Either.js'

/** Canonical names by each word for them, in lower case. */
type Meanings = ReadonlyMap<string, ReadonlySet<string>>

const collectMeanings = (entries: readonly (readonly [id: string, words: readonly string[]])[]): Meanings => {
  const meanings = new Map<string, Set<string>>()
  for (const [id, words] of entries)
    for (const word of words) {
      const lower = word.toLowerCase()
      const ids = meanings.get(lower) ?? new Set()
      meanings.set(lower, ids.add(id))
    }
  // A canonical name means itself, even if it is also a word for another name.
  for (const [id] of entries) meanings.set(id.toLowerCase(), new Set([id]))
  return meanings
}

const architectureMeanings = collectMeanings(architectures.map(({ id, names }) => [id, Object.values(names).flat()]))

const systemMeanings = collectMeanings(
  operatingSystems.map(({ id, glance, libosinfo, hetzner }) => [
    id,
    [glance.word, ...glance.deprecated, libosinfo, hetzner].filter((word) => word !== null),
  ]),
)

/** The canonical name of `word`. Unknown words are returned unchanged, because the sets are open. */
const canonical = (meanings: Meanings, word: string): E.Either<string, string> => {
  const [first, ...others] = meanings.get(word.toLowerCase()) ?? [word]
  return others.length === 0
    ? E.right(first ?? word)
    : E.left(
        `${word} is ${[first ?? '', ...others].sort().join(' at one provider and ')} at another: use one of these names`,
      )
}

/** The kernel's name of an architecture, by any provider's name for it: `arm64` is `aarch64`. Left: providers disagree about the word. */
export const toArchitecture = (word: string): E.Either<string, string> => canonical(architectureMeanings, word)

/** The os-release ID of a distribution, by any provider's name for it: `alma` is `almalinux`. Left: providers disagree about the word. */
export const toDistro = (word: string): E.Either<string, string> => canonical(systemMeanings, word)

/** Every word for an architecture, in lower case and split at characters other than letters and digits, as in names of images. */
export const architectureWords: ReadonlySet<string> = new Set(
  [...architectureMeanings.keys()].flatMap((word) => word.split(/[^a-z\d]+/)),
)

const collectWords = (id: string): ReadonlySet<string> => {
  const system = operatingSystems.find((one) => one.id === id)
  const words = [id, system?.name ?? '', ...[...systemMeanings].flatMap(([word, ids]) => (ids.has(id) ? [word] : []))]
  return new Set(words.flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u)))
}

const knownDistros = new Map(operatingSystems.map(({ id }) => [id, { words: null as ReadonlySet<string> | null }]))

/** The same, of one distribution: its ID, its words and its name. */
export const distroWords = (id: string): ReadonlySet<string> => {
  const known = knownDistros.get(id)
  if (known === undefined) return collectWords(id)
  known.words ??= collectWords(id)
  return known.words
}
