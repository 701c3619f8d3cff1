import { architectures, operatingSystems } from '@imago/crosswalk'
import type { Provider, Vocabulary } from '@imago/provider-kit'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { formatSuggestion } from '../format-suggestion.ts'

/** An architecture or operating system, with its names at providers. */
interface Entry {
  readonly id: string
  readonly words: readonly string[]
  /** The names at the provider, if the command uses the clouds of a single provider. */
  readonly here: readonly string[]
}

/**
 * The `id` of the entry named `text`. The names of a single provider take precedence. The sets are open: an unknown name is used as it is, unless it
 * resembles a known one.
 */
const findId = (option: string, text: string, entries: readonly Entry[]): string => {
  const word = text.toLowerCase()
  const here = entries.find((one) => one.here.some((own) => own.toLowerCase() === word))
  if (here !== undefined) return here.id
  const itself = entries.find(({ id }) => id.toLowerCase() === word)
  if (itself !== undefined) return itself.id
  const matches = entries.filter(({ words }) => words.some((one) => one.toLowerCase() === word)).map(({ id }) => id)
  const [id, ...others] = matches
  if (id !== undefined && others.length === 0) return id
  if (id !== undefined)
    throw new Problem(
      `${option}: ambiguous value ${JSON.stringify(text)}: providers use it for ${matches.join(' and ')}. Use one of these`,
      EXIT.usage,
    )
  const suggestion = formatSuggestion(
    text,
    entries.flatMap((one) => [one.id, ...one.words]),
  )
  if (suggestion !== '') throw new Problem(`${option}: unknown value ${JSON.stringify(text)}${suggestion}`, EXIT.usage)
  return text
}

/** The entry of an ID: its names in the crosswalk and in the vocabularies. */
const toEntry = (id: string, known: readonly string[], vocabularies: readonly Vocabulary[]): Entry => {
  const words = vocabularies.map((vocabulary) => vocabulary.get(id) ?? [])
  const [only, ...others] = words
  return { id, words: [...known, ...words.flat()], here: only === undefined || others.length > 0 ? [] : only }
}

/** The entries of the crosswalk, then those that only a provider has. */
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
 * The Linux kernel's name of an architecture, from any provider's name: `arm64` is `aarch64`.
 * @param providers The providers in use: `x86` is x86_64 at Hetzner, and i686 elsewhere.
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

/** As `parseArchitecture`, for a value to set: an unknown name is an error, because no cloud can start a server from such an image. */
export const parseNewArchitecture = (text: string, providers: readonly Pick<Provider, 'words'>[] = []): string => {
  const id = parseArchitecture('--set-arch', text, providers)
  const isKnown = knownArchitectures.has(id) || providers.some(({ words }) => words.architectures.has(id))
  if (isKnown) return id
  throw new Problem(
    `--set-arch: unknown value ${JSON.stringify(text)} (for example: x86_64, aarch64, ppc64le, s390x, riscv64). To list the architectures: imago schema crosswalk`,
    EXIT.usage,
  )
}

/** The os-release ID of an operating system, from any provider's name: `alma` is `almalinux`. */
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
