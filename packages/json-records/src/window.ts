import { isAscii } from 'node:buffer'
import { Backslash, Newline, countBackslashes, isSpace } from './bytes.ts'

/** Results of `findClosingQuote` that are not an index. */
export const StringIsOpen = -1
export const StringIsTorn = -2

/** The part of the input that is being read, its position in the input, and searches in it. */
export class InputWindow {
  bytes: Buffer = Buffer.alloc(0)
  size = 0
  isAscii = true
  /** Offset in the input of the first byte. */
  offset = 0
  /** 1-based line of the current byte. */
  line = 1
  /** Index where the current line begins; negative if in an earlier window. */
  lineStart = 0
  /** Index of the newline that was last searched for, or the size if there was none; -1 before the first search. */
  newlineAt = -1
  /** Where that search began: there may be other newlines before it. */
  private newlineFrom = 0
  /** The bytes as Latin-1, so that an index is a byte: `indexOf` is much faster on a string than on a buffer. */
  private text = ''

  /** Moves on to the bytes that follow. */
  advance(bytes: Buffer): void {
    this.offset += this.size
    this.lineStart -= this.size
    this.bytes = bytes
    this.size = bytes.length
    this.isAscii = isAscii(bytes)
    this.text = bytes.toString('latin1')
    this.newlineAt = -1
  }

  /** Moves on to the start of a line. */
  moveTo(offset: number, line: number): void {
    this.advance(Buffer.alloc(0))
    this.offset = offset
    this.line = line
    this.lineStart = 0
  }

  /** Must be called for each newline that is passed. */
  passNewline(at: number): void {
    this.line += 1
    this.lineStart = at + 1
  }

  /** The same for several newlines. `lineStart`: index after the last of them. */
  passNewlines(count: number, lineStart: number): void {
    if (count === 0) return
    this.line += count
    this.lineStart = lineStart
  }

  /** Index of the next newline, or the size. Repeated searches up to the same newline cost nothing. */
  findNewline(at: number): number {
    if (this.newlineAt < at || at < this.newlineFrom) {
      this.newlineFrom = at
      const newline = this.text.indexOf('\n', at)
      this.newlineAt = newline < 0 ? this.size : newline
    }
    return this.newlineAt
  }

  /** Index of an ASCII text, or -1. */
  findText(text: string, at: number): number {
    return this.text.indexOf(text, at)
  }

  hasText(text: string, at: number): boolean {
    return this.text.startsWith(text, at)
  }

  /** The text at `at` through the first `character`; `''` if that is not within `maxLength` bytes. */
  takeThrough(character: string, at: number, maxLength: number): string {
    const start = this.text.slice(at, at + maxLength)
    return start.slice(0, start.indexOf(character) + 1)
  }

  /** Whether only whitespace precedes it on its line, as far as the line is in this window. */
  isFirstOnLine(at: number): boolean {
    const start = Math.max(0, this.lineStart)
    while (at > start && isSpace[this.bytes[at - 1]!] === 1) at -= 1
    return at === start
  }

  skipSpace(at: number): number {
    for (; at < this.size; at++) {
      const byte = this.bytes[at]!
      if (isSpace[byte] === 0) break
      if (byte === Newline) this.passNewline(at)
    }
    return at
  }

  /** Passes the next newline and returns the index after it, or the size. */
  skipLine(at: number): number {
    const newline = this.findNewline(at)
    if (newline === this.size) return newline
    this.passNewline(newline)
    return newline + 1
  }

  /**
   * Index of the quote that closes the string whose first character in this window is at `from`. `quotesFrom` is one more if
   * the last byte of the previous window escapes that character. JSON requires newlines in strings to be escaped, so a newline
   * (at `newlineAt`) means that the string was cut off.
   */
  findClosingQuote(from: number, quotesFrom: number): number {
    const { bytes, text } = this
    let quote = text.indexOf('"', quotesFrom)
    while (quote > quotesFrom && bytes[quote - 1] === Backslash && countBackslashes(bytes, quote, quotesFrom) % 2 === 1)
      quote = text.indexOf('"', quote + 1)
    const newline = this.findNewline(from)
    if (quote < 0) return newline < this.size ? StringIsTorn : StringIsOpen
    return newline < quote ? StringIsTorn : quote
  }

  /** Whether the string that is open at the end ends with a backslash that escapes the next byte. */
  endsInEscape(quotesFrom: number): boolean {
    return countBackslashes(this.bytes, this.size, quotesFrom) % 2 === 1
  }
}
