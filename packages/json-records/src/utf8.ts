import { isUtf8 } from 'node:buffer'

const REPLACEMENT = '\ufffd'
const REPLACEMENT_BYTES = 3

const isReplacement = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd

/** Where the first byte stands that is not UTF-8, or `null`. */
export const firstInvalidByte = (bytes: Uint8Array): number | null => {
  if (isUtf8(bytes)) return null
  let at = 0
  for (const character of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) {
    if (character === REPLACEMENT) {
      if (!isReplacement(bytes, at)) return at
      at += REPLACEMENT_BYTES
    } else at += Buffer.byteLength(character)
  }
  return bytes.length
}

/** How many line breaks stand before `end`. */
export const newlinesBefore = (bytes: Uint8Array, end: number): number => {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < end; at = bytes.indexOf(0x0a, at + 1)) count++
  return count
}

const hex = (byte: number | undefined): string => `0x${(byte ?? 0).toString(16).padStart(2, '0')}`

/** Why a text is refused, and what to do. */
export const notUtf8 = (byte: number | undefined): string => `it is not UTF-8 (byte ${hex(byte)}), but perhaps Latin-1 or Windows-1252: convert it, as with iconv -f WINDOWS-1252 -t UTF-8`
