import { CloseBrace, Comma, Newline, OpenBrace, OpenBracket, isSpace } from './json-splitter-bytes.ts'
import type { InputWindow } from './json-splitter-window.ts'

/**
 * Guesses where the object at an index ends, by looking at the ends of lines only. A guess is proved by parsing: a text
 * that begins where a value is due and that parses is that value, since no object is the beginning of another. So a dump
 * with a record a line, or pretty-printed, is split at the speed of a search for newlines; anything else byte by byte.
 *
 * Two layouts are known: an object on one line, perhaps with a comma after it; and an object whose opening brace ends
 * its line, and whose closing brace is the first that stands below the first character of that line.
 */
export class EndGuess {
  /** How many newlines are in the guessed object. */
  newlines = 0
  /** Index after the last of them. */
  lineStart = 0
  private credit = fullCredit

  /** Index after the guessed end in this window, or -1. */
  find(window: InputWindow, at: number): number {
    if (this.credit <= 0) return -1
    const { bytes, size } = window
    const newline = window.findNewline(at)
    if (newline === size) return -1
    this.newlines = 0
    let end = newline
    while (isSpace[bytes[end - 1]!] === 1) end -= 1
    if (bytes[end - 1] === Comma) end -= 1
    if (bytes[end - 1] === CloseBrace) return end
    return end === at + 1 ? this.findBelow(window, newline, at) : -1
  }

  /** Guesses that keep failing cost more than they save, so they are given up. */
  learn(wasRight: boolean): void {
    this.credit = wasRight ? Math.min(fullCredit, this.credit + 1) : this.credit - costOfFailure
  }

  private findBelow(window: InputWindow, newline: number, at: number): number {
    const { bytes, size } = window
    const lineStart = Math.max(0, window.lineStart)
    let indent = lineStart
    while (isSpace[bytes[indent]!] === 1) indent += 1
    // Only an object that stands alone on its line, in a window that has the whole of that line.
    if (indent !== at || window.lineStart < 0) return -1
    const column = at - lineStart
    while (newline < size) {
      const start = newline + 1
      this.newlines += 1
      this.lineStart = start
      const first = bytes[start]
      // Without indentation the walk may see another value here: let it decide.
      if (first === OpenBrace || first === OpenBracket || first === Newline) return -1
      if (bytes[start + column] === CloseBrace && (column === 0 || isSpace[bytes[start + column - 1]!] === 1)) return start + column + 1
      newline = window.findNewline(start)
    }
    return -1
  }
}

const fullCredit = 32
const costOfFailure = 4
