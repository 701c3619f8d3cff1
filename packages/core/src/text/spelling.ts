// A server may return a secret in another encoding: escaped in JSON, in Python's or a shell's quotes, in HTML, percent-encoded in a URL, or nested. Line ends,
// terminal colours and invisible characters may split it. This module finds a secret in a text in any encoding of each character.

const BACKSLASH = 92
const PERCENT = 37
const AMPERSAND = 38
const PLUS = 43
const SPACE = 32
/** Three levels of JSON inside JSON. */
const MOST_BACKSLASHES = 8
const LONGEST_NUMBER = 8

/** All encodings other than the plain one start with one of these. */
const INTRODUCERS: readonly number[] = [BACKSLASH, PERCENT, AMPERSAND, PLUS]
const isIntroducer = (unit: number): boolean =>
  unit === BACKSLASH || unit === PERCENT || unit === AMPERSAND || unit === PLUS

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
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
interface Letter {
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

const hexAt = (text: string, at: number, digits: number): number => {
  let value = 0
  for (let index = at; index < at + digits; index++) {
    const unit = text.charCodeAt(index)
    const digit =
      unit >= 48 && unit <= 57
        ? unit - 48
        : (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102)
          ? (unit & 0xdf) - 55
          : Number.NaN
    value = value * 16 + digit
  }
  return value
}

/** The end of a run of backslashes. */
const afterBackslashes = (text: string, at: number): number => {
  let end = at
  while (end - at < MOST_BACKSLASHES && text.charCodeAt(end) === BACKSLASH) end++
  return end
}

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
const findEnds = (text: string, at: number, { code, plain, bytes, twin }: Letter): readonly number[] => {
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

const ESCAPE = 27
const NEW_LINE = 10
/** Maximum number of code units between two characters of a secret. */
const MOST_NOISE = 48

/** Control and zero-width characters: on a screen, a text that they split looks whole. */
const isNoise = (unit: number): boolean =>
  unit < 0x20 ||
  (unit >= 0x7f && unit < 0xa0) ||
  unit === 0xad ||
  (unit >= 0x200b && unit <= 0x200f) ||
  (unit >= 0x202a && unit <= 0x202e) ||
  (unit >= 0x2060 && unit <= 0x206f) ||
  unit === 0xfeff

/** The noise character at `at`, plain or escaped, and its end; `null`: none. */
const noiseAt = (text: string, at: number): { readonly unit: number; readonly end: number } | null => {
  const unit = text.charCodeAt(at)
  if (isNoise(unit)) return { unit, end: at + 1 }
  if (unit !== BACKSLASH) return null
  const escape = afterBackslashes(text, at)
  const letter = text.charAt(escape)
  if (letter === 'n' || letter === 'r') return { unit: NEW_LINE, end: escape + 1 }
  const digits = letter === 'u' ? 4 : letter === 'x' ? 2 : 0
  const escaped = digits === 0 ? Number.NaN : hexAt(text, escape + 1, digits)
  return isNoise(escaped) ? { unit: escaped, end: escape + 1 + digits } : null
}

/** The end of a terminal control sequence (ECMA-48, 5.4) after its escape character. Its letters must be skipped too. */
const afterSequence = (text: string, at: number, most: number): number => {
  if (text[at] !== '[') return at
  let end = at + 1
  while (end < most && text.charCodeAt(end) >= 0x20 && text.charCodeAt(end) < 0x40) end++
  return end + 1
}

/** The possible ends of noise at `at`: indentation and backslashes may also belong to the secret. Empty: no noise. */
const afterNoise = (text: string, at: number): readonly number[] => {
  const most = at + MOST_NOISE
  const ends: number[] = []
  let end = at
  for (let noise = noiseAt(text, end); noise !== null && noise.end < most; noise = noiseAt(text, end)) {
    end = noise.end
    if (noise.unit === ESCAPE) end = afterSequence(text, end, most)
    ends.push(end)
    // Folded texts are indented.
    for (
      let space = end;
      noise.unit === NEW_LINE && space < most && (text.charCodeAt(space) === SPACE || text.charCodeAt(space) === 9);
    )
      ends.push(++space)
  }
  return ends
}

/** The same positions, and those after noise at them. */
const beyondNoise = (text: string, places: readonly number[]): readonly number[] => {
  const beyond = places.flatMap((place) => afterNoise(text, place))
  return beyond.length === 0 ? places : [...new Set([...places, ...beyond])]
}

/** Like `findEnds`, from several positions. */
const joined = (text: string, places: readonly number[], letter: Letter): readonly number[] => {
  const ends = new Set<number>()
  for (const place of places) for (const end of findEnds(text, place, letter)) ends.add(end)
  return [...ends]
}

/** The end of the longest encoding of `secret` that starts at `at`; -1: no match. */
const matchSpelled = (text: string, at: number, secret: Spelled): number => {
  let index = 0
  let end = at
  // Fast path: the plain text, or no match.
  for (let letter = secret[0]; letter !== undefined; letter = secret[++index]) {
    const unit = text.charCodeAt(end)
    if (isIntroducer(unit) || letter.code === 34 || letter.code === 39) break
    if (unit === letter.twin) end++
    else if (unit === letter.plain.charCodeAt(0) && text.startsWith(letter.plain, end)) end += letter.plain.length
    else if (index > 0 && isNoise(unit)) break
    else return -1
  }
  let places: readonly number[] = [end]
  for (let letter = secret[index]; letter !== undefined && places.length > 0; letter = secret[++index]) {
    if (index > 0) places = beyondNoise(text, places)
    const [only] = places
    places = places.length === 1 && only !== undefined ? findEnds(text, only, letter) : joined(text, places, letter)
  }
  return Math.max(-1, ...places)
}

const NONE: readonly Spelled[] = []
const HASH = 35
const [LOWER_A, LOWER_Z] = [97, 122]
/** After a backslash, these characters start an escape sequence. */
const ESCAPES: ReadonlySet<string> = new Set(['u', 'x', ...SHORT_ESCAPES.values()])

/** Texts to find, indexed by their first character. */
export interface SpelledIndex {
  /** The end of the longest encoding of one of the texts that starts at `at`; -1: no match. */
  readonly match: (text: string, at: number) => number
}

export const indexSpelled = (all: readonly Spelled[]): SpelledIndex => {
  const byUnit = new Map<number, Spelled[]>()
  const byByte = new Map<number, Spelled[]>()
  const put = (map: Map<number, Spelled[]>, key: number, one: Spelled): void =>
    void map.set(key, [...(map.get(key) ?? []), one])
  for (const one of all) {
    const [first] = one
    if (first === undefined) continue
    put(byUnit, first.plain.charCodeAt(0), one)
    if (first.twin !== null) put(byUnit, first.twin, one)
    put(byByte, first.bytes[0] ?? 0, one)
  }
  /** 1 for each code unit with which an encoding can start. */
  const begins = new Uint8Array(0x10000)
  for (const unit of [...byUnit.keys(), ...INTRODUCERS]) begins[unit] = 1

  const spelledAs = (text: string, at: number): readonly Spelled[] => {
    switch (text.charCodeAt(at)) {
      case PERCENT: {
        const byte = hexAt(text, at + 1, 2)
        return byte === PERCENT ? all : (byByte.get(byte) ?? NONE)
      }
      case PLUS:
        return byUnit.get(SPACE) ?? NONE
      case BACKSLASH: {
        const escape = afterBackslashes(text, at)
        return ESCAPES.has(text.charAt(escape)) ? all : (byUnit.get(text.charCodeAt(escape)) ?? NONE)
      }
      case AMPERSAND: {
        const next = text.charCodeAt(at + 1)
        return next === HASH || (next >= LOWER_A && next <= LOWER_Z) ? all : NONE
      }
      default:
        return NONE
    }
  }
  return {
    match: (text, at) => {
      const unit = text.charCodeAt(at)
      if (begins[unit] !== 1) return -1
      let end = -1
      for (const one of byUnit.get(unit) ?? NONE) end = Math.max(end, matchSpelled(text, at, one))
      if (isIntroducer(unit)) for (const one of spelledAs(text, at)) end = Math.max(end, matchSpelled(text, at, one))
      return end
    },
  }
}
