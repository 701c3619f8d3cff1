import { BACKSLASH, afterBackslashes, hexAt, SPACE } from './escape.ts'

const ESCAPE = 27
const NEW_LINE = 10

/** Maximum number of code units between two characters of a secret. */
const MAX_NOISE_LENGTH = 48

/** Control and zero-width characters: on a screen, a text that they split looks whole. */
export const isNoise = (unit: number): boolean =>
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
const afterSequence = (text: string, at: number, limit: number): number => {
  if (text[at] !== '[') return at
  let end = at + 1
  while (end < limit && text.charCodeAt(end) >= 0x20 && text.charCodeAt(end) < 0x40) end++
  return end + 1
}

/** The possible ends of noise at `at`: indentation and backslashes may also belong to the secret. Empty: no noise. */
const afterNoise = (text: string, at: number): readonly number[] => {
  const limit = at + MAX_NOISE_LENGTH
  const ends: number[] = []
  let end = at
  for (let noise = noiseAt(text, end); noise !== null && noise.end < limit; noise = noiseAt(text, end)) {
    end = noise.end
    if (noise.unit === ESCAPE) end = afterSequence(text, end, limit)
    ends.push(end)
    // Folded texts are indented.
    for (
      let space = end;
      noise.unit === NEW_LINE && space < limit && (text.charCodeAt(space) === SPACE || text.charCodeAt(space) === 9);
    )
      ends.push(++space)
  }
  return ends
}

/** The same positions, and those after noise at them. */
export const beyondNoise = (text: string, places: readonly number[]): readonly number[] => {
  const beyond = places.flatMap((place) => afterNoise(text, place))
  return beyond.length === 0 ? places : [...new Set([...places, ...beyond])]
}
