import { architectures, operatingSystems } from '@imago/crosswalk'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { didYouMean } from '../suggest.ts'

/** One of a closed set of words. */
export const oneOf = <W extends string>(option: string, text: string, words: readonly W[]): W => {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new Problem(`${option}: there is no ${text}.${didYouMean(text, words)} There are: ${words.join(', ')}`, EXIT.usage)
}

/** A thing that has a name of its own, and others elsewhere. */
interface Entry {
  readonly id: string
  readonly words: readonly string[]
}

/**
 * The `id` of what is called `text` anywhere. The sets are open: a word that nobody knows is taken as it is, unless it is nearly one that is known.
 */
const idOf = (option: string, text: string, entries: readonly Entry[]): string => {
  const word = text.toLowerCase()
  const itself = entries.find(({ id }) => id.toLowerCase() === word)
  if (itself !== undefined) return itself.id
  const meant = entries.filter(({ words }) => words.some((one) => one.toLowerCase() === word)).map(({ id }) => id)
  const [id, ...others] = meant
  if (id !== undefined && others.length === 0) return id
  if (id !== undefined) throw new Problem(`${option}: ${text} means ${meant.join(' at one provider, and ')} at another. Say which`, EXIT.usage)
  const suggestion = didYouMean(
    text,
    entries.flatMap((one) => [one.id, ...one.words]),
  )
  if (suggestion !== '') throw new Problem(`${option}: there is no ${text}.${suggestion}`, EXIT.usage)
  return text
}

/** The kernel's name of an architecture, by any name that a provider has for it: `arm64` is `aarch64`. */
export const architectureCalled = (option: string, text: string): string =>
  idOf(
    option,
    text,
    architectures.map(({ id, names }) => ({ id, words: Object.values(names).flat() })),
  )

/** The os-release ID of an operating system, by any name that a provider has for it: `alma` is `almalinux`. */
export const operatingSystemCalled = (option: string, text: string): string =>
  idOf(
    option,
    text,
    operatingSystems.map(({ id, glance, libosinfo, hetzner }) => ({ id, words: [glance.word, ...glance.deprecated, libosinfo, hetzner].flatMap((one) => one ?? []) })),
  )
