import { architectures, operatingSystems, type ArchitectureProvider } from '@imago/crosswalk'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { didYouMean } from '../suggest.ts'

/** One of a closed set of words. */
export const oneOf = <W extends string>(option: string, text: string, words: readonly W[]): W => {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new Problem(`${option}: unknown value ${JSON.stringify(text)}.${didYouMean(text, words)} One of: ${words.join(', ')}`, EXIT.usage)
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
const idOf = (option: string, text: string, entries: readonly Entry[]): string => {
  const word = text.toLowerCase()
  const here = entries.find((one) => one.here.some((own) => own.toLowerCase() === word))
  if (here !== undefined) return here.id
  const itself = entries.find(({ id }) => id.toLowerCase() === word)
  if (itself !== undefined) return itself.id
  const meant = entries.filter(({ words }) => words.some((one) => one.toLowerCase() === word)).map(({ id }) => id)
  const [id, ...others] = meant
  if (id !== undefined && others.length === 0) return id
  if (id !== undefined) throw new Problem(`${option}: ${text} means ${meant.join(' at one provider, and ')} at another. Use one of these`, EXIT.usage)
  const suggestion = didYouMean(
    text,
    entries.flatMap((one) => [one.id, ...one.words]),
  )
  if (suggestion !== '') throw new Problem(`${option}: unknown value ${JSON.stringify(text)}.${suggestion}`, EXIT.usage)
  return text
}

/** The crosswalk's names of the words of a provider. */
const WORDS_OF: Readonly<Record<string, ArchitectureProvider>> = { hetzner: 'hetzner', openstack: 'glance' }

/** The provider of all clouds that are asked; `null`: there are several. */
const onlyOne = (providers: readonly string[]): string | null => (new Set(providers).size === 1 ? (providers[0] ?? null) : null)

/**
 * The kernel's name of an architecture, by any name that a provider has for it: `arm64` is `aarch64`.
 * @param providers Those whose clouds are asked: `x86` is x86_64 at Hetzner, and i686 elsewhere.
 */
export const architectureCalled = (option: string, text: string, providers: readonly string[] = []): string => {
  const here = WORDS_OF[onlyOne(providers) ?? '']
  return idOf(
    option,
    text,
    architectures.map(({ id, names }) => ({ id, words: Object.values(names).flat(), here: here === undefined ? [] : names[here] })),
  )
}

/** The os-release ID of an operating system, by any name that a provider has for it: `alma` is `almalinux`. */
export const operatingSystemCalled = (option: string, text: string): string =>
  idOf(
    option,
    text,
    operatingSystems.map(({ id, glance, libosinfo, hetzner }) => ({ id, words: [glance.word, ...glance.deprecated, libosinfo, hetzner].flatMap((one) => one ?? []), here: [] })),
  )
