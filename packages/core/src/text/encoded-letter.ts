import { BACKSLASH, afterBackslashes, hexAt, SPACE } from './escape.ts'

export const PERCENT = 37
export const AMPERSAND = 38
export const PLUS = 43
const LONGEST_NUMBER = 8

/** All encodings other than the plain one start with one of these. */
export const INTRODUCERS: readonly number[] = [BACKSLASH, PERCENT, AMPERSAND, PLUS]

export const isIntroducer = (unit: number): boolean =>
  unit === BACKSLASH || unit === PERCENT || unit === AMPERSAND || unit === PLUS

export const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
])

const ENTITIES: ReadonlyMap<number, string> = new Map([
  [34, 'quot;'],
  [38, 'amp;'],
  [39, 'apos;'],
  [60, 'lt;'],
  [62, 'gt;'],
])

/** One character of a secret. */
export interface Letter {
  readonly code: number
  /** The character itself, in one or two UTF-16 code units. */
  readonly plain: string
  readonly bytes: readonly number[]
  /** The character that the base64 alphabet for URLs uses instead, for values 62 and 63. */
  readonly twin: number | null
}

/** A text to find in any encoding. */
export type Spelled = readonly Letter[]

const utf8 = (code: number): readonly number[] => {
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f)
  if (code < 0x80) return [code]
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)]
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)]
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)]
}

const findTwin = (plain: string): number | null => (plain === '+' ? 45 : plain === '/' ? 95 : null)

export const spelled = (text: string, isBase64 = false): Spelled =>
  Array.from(text, (plain) => {
    const code = plain.codePointAt(0) ?? 0
    return { code, plain, bytes: utf8(code), twin: isBase64 ? findTwin(plain) : null }
  })

/** The end of `\u00e9` or `\ud83d\ude00`, with any number of backslashes before each; -1: no match. */
const unicodeEscape = (text: string, at: number, plain: string): number => {
  let end = at
  for (let index = 0; index < plain.length; index++) {
    const escape = afterBackslashes(text, end)
    if (escape === end || text[escape] !== 'u' || hexAt(text, escape + 1, 4) !== plain.charCodeAt(index)) return -1
    end = escape + 5
  }
  return end
}

/** The end of the bytes, each as `\xc3`; -1: they are not there. */
const byteEscapes = (text: string, at: number, bytes: readonly number[]): number => {
  let end = at
  for (const byte of bytes) {
    const escape = afterBackslashes(text, end)
    if (escape === end || text[escape] !== 'x' || hexAt(text, escape + 1, 2) !== byte) return -1
    end = escape + 3
  }
  return end
}

/** All ends of the bytes, each as `%C3`, or encoded again: `%25C3`, `%2525C3`. */
const percentEncoded = (text: string, at: number, bytes: readonly number[]): readonly number[] => {
  const [byte, ...others] = bytes
  if (byte === undefined) return [at]
  if (text.charCodeAt(at) !== PERCENT) return []
  const ends: number[] = []
  for (let digits = at + 1; digits <= at + 5; digits += 2) {
    if (hexAt(text, digits, 2) === byte) ends.push(...percentEncoded(text, digits + 2, others))
    if (!text.startsWith('25', digits)) break
  }
  return ends
}

const NOWHERE: readonly number[] = []

/** The positions after `&`, which may itself be escaped as `&amp;` or Go's `\u0026`. An entity can continue at each of them. */
const afterAmpersand = (text: string, at: number): readonly number[] => {
  const isPlain = text.charCodeAt(at) === AMPERSAND
  const escape = isPlain ? at : afterBackslashes(text, at)
  const isEscaped = !isPlain && text[escape] === 'u' && hexAt(text, escape + 1, 4) === AMPERSAND
  if (!isEscaped && !isPlain) return NOWHERE
  const starts = [isEscaped ? escape + 5 : at + 1]
  for (let next = starts[0] ?? 0; starts.length < 4 && text.startsWith('amp;', next); next += 4) starts.push(next + 4)
  return starts
}

/** The end of `#39;`, `#x27;` or `quot;`; -1: no match. */
const entity = (text: string, at: number, code: number): number => {
  const name = ENTITIES.get(code)
  if (name !== undefined && text.startsWith(name, at)) return at + name.length
  if (text[at] !== '#') return -1
  const isHex = text[at + 1] === 'x' || text[at + 1] === 'X'
  const digits = at + (isHex ? 2 : 1)
  if (Number.isNaN(hexAt(text, digits, 1))) return -1
  // No character needs more digits. A longer search would be repeated at the next position, which takes quadratic time.
  const [number = '', ...rest] = text.slice(digits, digits + LONGEST_NUMBER + 1).split(';')
  return rest.length > 0 && number !== '' && Number(`${isHex ? '0x' : ''}${number}`) === code
    ? digits + number.length + 1
    : -1
}

/** The ends of all encodings of the letter that start at `at`. */
export const findEnds = (text: string, at: number, { code, plain, bytes, twin }: Letter): readonly number[] => {
  const unit = text.charCodeAt(at)
  const ends: number[] = []
  const add = (end: number): void => void (end > at && ends.push(end))
  if (text.startsWith(plain, at)) {
    add(at + plain.length)
    // Quotes are doubled in SQL, YAML and CSV.
    if ((code === 34 || code === 39) && text.charCodeAt(at + 1) === code) add(at + 2)
  }
  if (unit === twin) add(at + 1)
  if (unit === PLUS && code === SPACE) add(at + 1)
  if (unit === PERCENT) percentEncoded(text, at, bytes).forEach(add)
  if (unit === BACKSLASH) {
    const escape = afterBackslashes(text, at)
    // Each level of JSON doubles the backslashes.
    if (code === BACKSLASH) for (let count = 2; at + count <= escape; count *= 2) add(at + count)
    else if (text.startsWith(plain, escape)) add(escape + plain.length)
    if (SHORT_ESCAPES.get(code) === text[escape]) add(escape + 1)
    if (text[escape] === 'u') add(unicodeEscape(text, at, plain))
    if (text[escape] === 'x') add(byteEscapes(text, at, bytes))
  }
  if (unit === AMPERSAND || unit === BACKSLASH) {
    for (const start of afterAmpersand(text, at)) {
      add(entity(text, start, code))
      // `&amp;` is itself an encoding of the ampersand.
      if (code === AMPERSAND && start - at > 1) add(start)
    }
  }
  return ends
}
