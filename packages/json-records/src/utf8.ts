import { isUtf8 } from 'node:buffer'

const REPLACEMENT = '\ufffd'
const REPLACEMENT_BYTES = 3

const isReplacement = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd

/** Index of the first byte that is not UTF-8; `null`: all are. */
export const findInvalidByte = (bytes: Uint8Array): number | null => {
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

/** The number of newlines before index `end`. */
export const countNewlines = (bytes: Uint8Array, end: number): number => {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < end; at = bytes.indexOf(0x0a, at + 1)) count++
  return count
}

const formatHex = (byte: number | undefined): string => `0x${(byte ?? 0).toString(16).padStart(2, '0')}`

/** Why a text with such a byte is refused, and what to do. */
export const describeInvalidByte = (byte: number | undefined): string =>
  `it is not UTF-8 (byte ${formatHex(byte)}), perhaps Latin-1 or Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8`
