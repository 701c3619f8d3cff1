/** Bytes with a meaning for the splitter. */
export const Newline = 0x0a
export const RecordSeparator = 0x1e
export const Comma = 0x2c
export const OpenBracket = 0x5b
export const Backslash = 0x5c
export const CloseBracket = 0x5d
export const OpenBrace = 0x7b
export const CloseBrace = 0x7d

/** U+FEFF in UTF-8. */
export const byteOrderMark = [0xef, 0xbb, 0xbf] as const

/** Meanings of bytes between the strings of an object or array; nearly all have none (0). */
export const QuoteMark = 1
export const Opening = 2
export const Closing = 3
export const LineEnd = 4
export const Separator = 5
export const meaning: Uint8Array = table({
  '"': QuoteMark,
  '{[': Opening,
  '}]': Closing,
  '\n': LineEnd,
  '\u001e': Separator,
})

/** 1 for the whitespace of JSON. */
export const isSpace: Uint8Array = table({ ' \t\r\n': 1 })

/** 1 for the bytes that end a number or a literal. */
export const endsScalar: Uint8Array = table({ ' \t\r\n,:{}[]"\u001e': 1 })

/** Kinds of first bytes of a value. */
export const ContainerStart = 1
export const StringStart = 2
export const ScalarStart = 3
export const valueStart: Uint8Array = table({ '{[': ContainerStart, '"': StringStart, '-0123456789tfn': ScalarStart })

function table(entries: Readonly<Record<string, number>>): Uint8Array {
  const result = new Uint8Array(256)
  for (const [characters, value] of Object.entries(entries)) {
    for (const character of characters) result[character.charCodeAt(0)] = value
  }
  return result
}

/** The number of backslashes directly before `end`, from `from` on: an odd number escapes the byte at `end`. */
export function countBackslashes(bytes: Uint8Array, end: number, from: number): number {
  let start = end
  while (start > from && bytes[start - 1] === Backslash) start -= 1
  return end - start
}

/** Formats a byte for a message. */
export function formatByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? JSON.stringify(String.fromCharCode(byte))
    : `byte 0x${byte.toString(16).padStart(2, '0')}`
}
