import { architectures, operatingSystems } from '@imago/crosswalk'
import type { Provider, Vocabulary } from '@imago/provider-kit'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { didYouMean } from '../suggest.ts'

/** One of a closed set of words. */
export const parseChoice = <W extends string>(option: string, text: string, words: readonly W[]): W => {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new Problem(
    `${option}: unknown value ${JSON.stringify(text)}.${didYouMean(text, words)} One of: ${words.join(', ')}`,
    EXIT.usage,
  )
}

/** A thing that has a name of its own, and others elsewhere. */
interface Entry {
  readonly id: string
  readonly words: readonly string[]
  /** The words of the provider whose clouds alone are asked. */
  readonly here: readonly string[]
}

/**
 * The `id` of what is called `text` anywhere; where the clouds of one provider alone are asked, first of all by that provider.
 * The sets are open: a word that nobody knows is taken as it is, unless it is nearly one that is known.
 */
const findId = (option: string, text: string, entries: readonly Entry[]): string => {
  const word = text.toLowerCase()
  const here = entries.find((one) => one.here.some((own) => own.toLowerCase() === word))
  if (here !== undefined) return here.id
  const itself = entries.find(({ id }) => id.toLowerCase() === word)
  if (itself !== undefined) return itself.id
  const meant = entries.filter(({ words }) => words.some((one) => one.toLowerCase() === word)).map(({ id }) => id)
  const [id, ...others] = meant
  if (id !== undefined && others.length === 0) return id
  if (id !== undefined)
    throw new Problem(
      `${option}: ${text} means ${meant.join(' at one provider, and ')} at another. Use one of these`,
      EXIT.usage,
    )
  const suggestion = didYouMean(
    text,
    entries.flatMap((one) => [one.id, ...one.words]),
  )
  if (suggestion !== '') throw new Problem(`${option}: unknown value ${JSON.stringify(text)}.${suggestion}`, EXIT.usage)
  return text
}

/** What is known of a name: the crosswalk's words for it, and those of the providers whose clouds are asked. */
const toEntry = (id: string, known: readonly string[], vocabularies: readonly Vocabulary[]): Entry => {
  const words = vocabularies.map((vocabulary) => vocabulary.get(id) ?? [])
  const [only, ...others] = words
  return { id, words: [...known, ...words.flat()], here: only === undefined || others.length > 0 ? [] : only }
}

/** Names that the crosswalk has, then those that only a provider has. */
const toEntries = (
  known: ReadonlyMap<string, readonly string[]>,
  vocabularies: readonly Vocabulary[],
): readonly Entry[] =>
  [...new Set([...known.keys(), ...vocabularies.flatMap((vocabulary) => [...vocabulary.keys()])])].map((id) =>
    toEntry(id, known.get(id) ?? [], vocabularies),
  )

const knownArchitectures = new Map(architectures.map(({ id, names }) => [id, Object.values(names).flat()]))
const knownSystems = new Map(
  operatingSystems.map(({ id, glance, libosinfo, hetzner }) => [
    id,
    [glance.word, ...glance.deprecated, libosinfo, hetzner].filter((word) => word !== null),
  ]),
)

/**
 * The kernel's name of an architecture, by any name that a provider has for it: `arm64` is `aarch64`.
 * @param providers Those whose clouds are asked: `x86` is x86_64 at Hetzner, and i686 elsewhere.
 */
export const parseArchitecture = (
  option: string,
  text: string,
  providers: readonly Pick<Provider, 'words'>[] = [],
): string =>
  findId(
    option,
    text,
    toEntries(
      knownArchitectures,
      providers.map(({ words }) => words.architectures),
    ),
  )

/** The os-release ID of an operating system, by any name that a provider has for it: `alma` is `almalinux`. */
export const parseOperatingSystem = (
  option: string,
  text: string,
  providers: readonly Pick<Provider, 'words'>[] = [],
): string =>
  findId(
    option,
    text,
    toEntries(
      knownSystems,
      providers.map(({ words }) => words.operatingSystems),
    ),
  )
