import {
  type Letter,
  findEnds,
  type Spelled,
  isIntroducer,
  SHORT_ESCAPES,
  INTRODUCERS,
  PERCENT,
  PLUS,
  AMPERSAND,
} from './encoded-letter.ts'
import { isNoise, beyondNoise } from './noise.ts'
import { hexAt, SPACE, BACKSLASH, afterBackslashes } from './escape.ts'

// A server may return a secret in another encoding: escaped in JSON, in Python's or a shell's quotes, in HTML, percent-encoded in a URL, or nested. Line ends,
// terminal colours and invisible characters may split it. This module finds a secret in a text in any encoding of each character.

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
