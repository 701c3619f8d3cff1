import { indexSpelled, type SpelledIndex } from './spelling.ts'
import { spelled, type Spelled } from './encoded-letter.ts'

/** Replaces a secret. Valid in a URL, a header and JSON text. */
export const MASK = '***'

/** Masks known secrets in texts, in any encoding of their characters and inside base64. */
export interface Masker {
  /** Adds a secret. Secrets of fewer than 4 characters are ignored: they would match everywhere. */
  readonly add: (secret: string) => void
  /** Masks all secrets. For texts from servers. */
  readonly mask: (text: string) => string
  /** Masks all secrets that are not plain words or numbers. For texts from imago, which may contain such a word: `openstack` is a common password. */
  readonly maskOwn: (text: string) => string
}

const SHORTEST = 4
const SHORTEST_IN_OWN = 8
/** Shorter base64 texts would match in any text. */
const SHORTEST_BASE64 = 5
/** Tokens are renewed every hour; a long-running program no longer needs the oldest ones. */
const MAX_SECRETS = 200

/** Keys of API errors, which are not masked even if one of them is a password: otherwise the error could not be decoded. */
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
 * The base64 digits of these bytes after `before` other bytes. Digits at both ends that also contain bits of neighbouring bytes are left out.
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

const toPatterns = (secret: string): readonly Pattern[] => {
  const isOwn = !couldBeAWord(secret)
  const text = spelled(secret)
  const bytes = text.flatMap((letter) => letter.bytes)
  const encoded = [0, 1, 2].map((before) => base64Within(bytes, before)).filter((one) => one.length >= SHORTEST_BASE64)
  return [
    { text, isOwn },
    ...encoded.map((one) => ({ text: spelled(one, true), isOwn: isOwn && one.length >= SHORTEST_IN_OWN })),
  ]
}

/** Whether the range is one of `KEYS`, used as a key in JSON text. */
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
  /** `null`: not yet computed. Most runs of the command mask no text, and the first computation takes as long as reading a page of images. */
  const known = new Map<string, readonly Pattern[] | null>()
  // Built on first use after a change.
  let index: Indexes | null = null
  const indexed = (): Indexes => {
    if (index !== null) return index
    for (const [secret, patterns] of known) if (patterns === null) known.set(secret, toPatterns(secret))
    const patterns = [...known.values()].flatMap((some) => some ?? [])
    const getTexts = (some: readonly Pattern[]): readonly Spelled[] => some.map(({ text }) => text)
    index = {
      all: indexSpelled(getTexts(patterns)),
      own: indexSpelled(getTexts(patterns.filter(({ isOwn }) => isOwn))),
    }
    return index
  }
  return {
    add: (secret) => {
      if (secret.length < SHORTEST) return
      const before = known.get(secret)
      // Move the secret to the end: the least recently added one is removed first.
      known.delete(secret)
      known.set(secret, before ?? null)
      if (before !== undefined) return
      const [oldest] = known.keys()
      if (known.size > MAX_SECRETS && oldest !== undefined) known.delete(oldest)
      index = null
    },
    mask: (text) => (known.size === 0 ? text : masked(text, indexed().all)),
    maskOwn: (text) => (known.size === 0 ? text : masked(text, indexed().own)),
  }
}
