import { indexSpelled, spelled, type Spelled, type SpelledIndex } from './spelling.ts'

/** What stands in place of a secret. Fits into a URL, a header and JSON text. */
export const MASK = '***'

/** Hides secrets that are known by value, however each of their characters is spelled, and where they stand within base64. */
export interface Masker {
  /** Makes a secret known. Those of fewer than 4 characters are not: they would be found everywhere. */
  readonly add: (secret: string) => void
  /** For what a server wrote: all secrets. */
  readonly mask: (text: string) => string
  /** For texts that imago writes: without the secrets that could be a word or a number of its own, as `openstack`, which is a common password. */
  readonly maskOwn: (text: string) => string
}

const SHORTEST = 4
const SHORTEST_IN_OWN = 8
/** Fewer characters of base64 than this are found in any text. */
const SHORTEST_BASE64 = 5
/** Tokens are issued anew each hour; a program that runs for long has no use for the oldest. */
const MOST_SECRETS = 200

/** A password may be one of these words, which the errors of the APIs have as keys: then the answer must stay readable. */
const KEYS: ReadonlySet<string> = new Set([
  'error',
  'message',
  'code',
  'title',
  'details',
  'fields',
  'limits',
  'name',
  'messages',
  'versions',
  'forbidden',
  'conflictingRequest',
  'badRequest',
  'itemNotFound',
  'computeFault',
  'overLimit',
  'unauthorized',
])

interface Pattern {
  readonly text: Spelled
  readonly isOwn: boolean
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * What base64 makes of these bytes wherever they stand: behind `before` other bytes, and before others. Only the digits that depend on nothing else, without those
 * at both ends that hold bits of the neighbours.
 */
const base64Within = (bytes: readonly number[], before: number): string => {
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor(((before + bytes.length) * 8) / 6)
  const bit = (index: number): number => ((bytes[(index >> 3) - before] ?? 0) >> (7 - (index & 7))) & 1
  let text = ''
  for (let digit = first; digit < last; digit++) {
    let value = 0
    for (let index = digit * 6; index < digit * 6 + 6; index++) value = value * 2 + bit(index)
    text += ALPHABET[value] ?? ''
  }
  return text
}

const couldBeAWord = (secret: string): boolean => secret.length < SHORTEST_IN_OWN || /^(?:\p{L}+|\d+)$/u.test(secret)

const patternsOf = (secret: string): readonly Pattern[] => {
  const isOwn = !couldBeAWord(secret)
  const text = spelled(secret)
  const bytes = text.flatMap((letter) => letter.bytes)
  const encoded = [0, 1, 2].map((before) => base64Within(bytes, before)).filter((one) => one.length >= SHORTEST_BASE64)
  return [
    { text, isOwn },
    ...encoded.map((one) => ({ text: spelled(one, true), isOwn: isOwn && one.length >= SHORTEST_IN_OWN })),
  ]
}

/** Whether it is the key of a value in JSON text, and a key of the APIs. */
const isKey = (text: string, start: number, end: number): boolean =>
  KEYS.has(text.slice(start, end)) && text[start - 1] === '"' && /^"\s{0,9}:/.test(text.slice(end, end + 12))

const masked = (text: string, index: SpelledIndex): string => {
  let result = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const end = index.match(text, at)
    if (end === -1 || isKey(text, at, end)) continue
    result += text.slice(from, at) + MASK
    from = end
    at = end - 1
  }
  return from === 0 ? text : result + text.slice(from)
}

interface Indexes {
  readonly all: SpelledIndex
  readonly own: SpelledIndex
}

export const createMasker = (): Masker => {
  const known = new Map<string, readonly Pattern[]>()
  // Made when first needed after a change.
  let index: Indexes | null = null
  const indexed = (): Indexes => {
    if (index !== null) return index
    const patterns = [...known.values()].flat()
    const textsOf = (some: readonly Pattern[]): readonly Spelled[] => some.map(({ text }) => text)
    index = { all: indexSpelled(textsOf(patterns)), own: indexSpelled(textsOf(patterns.filter(({ isOwn }) => isOwn))) }
    return index
  }
  return {
    add: (secret) => {
      if (secret.length < SHORTEST) return
      const before = known.get(secret)
      // What is in use stays the youngest.
      known.delete(secret)
      known.set(secret, before ?? patternsOf(secret))
      if (before !== undefined) return
      const [oldest] = known.keys()
      if (known.size > MOST_SECRETS && oldest !== undefined) known.delete(oldest)
      index = null
    },
    mask: (text) => (known.size === 0 ? text : masked(text, indexed().all)),
    maskOwn: (text) => (known.size === 0 ? text : masked(text, indexed().own)),
  }
}
