import { isAscii } from 'node:buffer'
import { Backslash, Newline, backslashesBefore, isSpace } from './bytes.ts'

/** Answers of `closingQuote` that are no index. */
export const StringGoesOn = -1
export const StringIsTorn = -2

/** The piece of the input that is being walked, where it lies in the input, and the searches in it. */
export class InputWindow {
  bytes: Buffer = Buffer.alloc(0)
  size = 0
  isAscii = true
  /** Offset in the input of the first byte. */
  offset = 0
  /** 1-based, counted as the walk goes on. */
  line = 1
  /** Where the current line begins; negative when in an earlier window. */
  lineStart = 0
  /** The newline last searched for, or the size when there was none; -1 before the first search. */
  newlineAt = -1
  /** Where that search began: before it there may be others. */
  private newlineFrom = 0
  /** The bytes as Latin-1, where an index is a byte: `indexOf` on a string costs a fraction of what it costs on a buffer. */
  private text = ''

  /** Goes on to the bytes that follow. */
  advance(bytes: Buffer): void {
    this.offset += this.size
    this.lineStart -= this.size
    this.bytes = bytes
    this.size = bytes.length
    this.isAscii = isAscii(bytes)
    this.text = bytes.toString('latin1')
    this.newlineAt = -1
  }

  /** To be called for each newline passed. */
  passNewline(at: number): void {
    this.line += 1
    this.lineStart = at + 1
  }

  /** The same for several at once, when the line after the last begins at `lineStart`. */
  passNewlines(count: number, lineStart: number): void {
    if (count === 0) return
    this.line += count
    this.lineStart = lineStart
  }

  /** Index of the next newline, or the size. Asking again on the way to it costs nothing. */
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

  /** What stands here, up to and including a character; `''` if that is not within so many bytes. */
  textThrough(character: string, at: number, most: number): string {
    const start = this.text.slice(at, at + most)
    return start.slice(0, start.indexOf(character) + 1)
  }

  /** Whether there is nothing but whitespace before, as far as this window goes. */
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

  /** Passes the next newline and returns the index after it, or the end. */
  skipLine(at: number): number {
    const newline = this.findNewline(at)
    if (newline === this.size) return newline
    this.passNewline(newline)
    return newline + 1
  }

  /**
   * Where the string that has its first character (of this window) at `from` ends. `quotesFrom` is one more when that
   * character is escaped by the last of the window before. A newline in a string (at `newlineAt`) tears it: it must be escaped.
   */
  closingQuote(from: number, quotesFrom: number): number {
    const { bytes, text } = this
    let quote = text.indexOf('"', quotesFrom)
    while (quote > quotesFrom && bytes[quote - 1] === Backslash && backslashesBefore(bytes, quote, quotesFrom) % 2 === 1) quote = text.indexOf('"', quote + 1)
    const newline = this.findNewline(from)
    if (quote < 0) return newline < this.size ? StringIsTorn : StringGoesOn
    return newline < quote ? StringIsTorn : quote
  }

  /** Whether the string open at the end ends in a backslash that escapes the next byte. */
  endsInEscape(quotesFrom: number): boolean {
    return backslashesBefore(this.bytes, this.size, quotesFrom) % 2 === 1
  }
}
