import { CloseBrace, Comma, OpenBrace, OpenBracket, isSpace } from './bytes.ts'
import type { RecordOutput } from './output.ts'
import type { Position } from './position.ts'
import type { InputWindow } from './window.ts'

/**
 * Guesses where an object ends, with native searches instead of a look at each byte. Parsing proves the guess: a text that
 * begins where a value is due and that parses is that value, since no object is a prefix of another. A wrong guess costs
 * time, but never a record. Three layouts are known:
 *
 * - one per line: the object ends with its line, perhaps before a comma (NDJSON, one element per line);
 * - pretty-printed: the opening brace ends its line, and the closing brace is the first one in the same column;
 * - compact: the next element follows `},` and begins with the same key as this one.
 */
export class GuessedRecords {
  /** Number of newlines in the guessed object. */
  private newlines = 0
  /** Index after the last of them. */
  private lineStart = 0
  private credit = fullCredit
  /** The beginning of the elements of a compact array, such as `{"id":`, and the same after the end of the element before. */
  private opening = ''
  private boundary = ''
  private readonly output: RecordOutput
  private readonly isBareRecord: (value: unknown) => boolean

  constructor(streamedKeys: ReadonlySet<string>, output: RecordOutput) {
    this.output = output
    const keys = Array.from(streamedKeys)
    this.isBareRecord = (value) => !keys.some((key) => Object.hasOwn(value as object, key))
  }

  /** Emits the object at `at` if its end can be guessed, and returns the index after it; otherwise returns -1. */
  tryAt(window: InputWindow, position: Position, at: number): number {
    const isElement = position.prefix !== ''
    const to = this.find(window, at, isElement)
    if (to < 0 || to - at > this.output.limit) return -1
    const { bytes, isAscii, line } = window
    const { pointer, document } = position
    const record = { bytes, from: at, to, isAscii, pointer, document, line, offset: window.offset + at }
    const wasRight = this.output.emitIfValid(record, isElement ? anyValue : this.isBareRecord)
    this.learn(wasRight)
    if (!wasRight) return -1
    window.passNewlines(this.newlines, this.lineStart)
    return to
  }

  /** Index after the guessed end in this window, or -1. */
  private find(window: InputWindow, at: number, isElement: boolean): number {
    if (this.credit <= 0) return -1
    this.newlines = 0
    if (isElement && !window.isFirstOnLine(at)) return this.findBoundary(window, at)
    const { bytes, size } = window
    const newline = window.findNewline(at)
    if (newline === size) return -1
    let end = newline
    while (isSpace[bytes[end - 1]!] === 1) end -= 1
    if (end === at + 1) return this.findBelow(window, newline, at)
    if (bytes[end - 1] === Comma) end -= 1
    return bytes[end - 1] === CloseBrace ? end : -1
  }

  /** Guesses that keep failing cost more time than they save, so guessing stops then. */
  private learn(wasRight: boolean): void {
    this.credit = wasRight ? Math.min(fullCredit, this.credit + 1) : this.credit - costOfFailure
  }

  private findBelow(window: InputWindow, newline: number, at: number): number {
    const { bytes, size, lineStart } = window
    // The column is known only if the line begins in this window.
    if (lineStart < 0 || !window.isFirstOnLine(at)) return -1
    const column = at - lineStart
    while (newline < size) {
      const start = newline + 1
      this.newlines += 1
      this.lineStart = start
      const first = bytes[start]
      // Without indentation, another value may begin here: the scan decides.
      if (first === OpenBrace || first === OpenBracket) return -1
      if (bytes[start + column] === CloseBrace && (column === 0 || isSpace[bytes[start + column - 1]!] === 1))
        return start + column + 1
      newline = window.findNewline(start)
    }
    this.learn(false)
    return -1
  }

  private findBoundary(window: InputWindow, at: number): number {
    if (this.opening === '' || !window.hasText(this.opening, at)) {
      this.opening = window.takeThrough(':', at, longestOpening)
      this.boundary = (isSpace[window.bytes[at - 1]!] === 1 ? '}, ' : '},') + this.opening
    }
    const boundary = this.opening === '' ? -1 : window.findText(this.boundary, at)
    if (boundary >= 0 && window.findNewline(at) > boundary) return boundary + 1
    this.learn(false)
    return -1
  }
}

const fullCredit = 32
const costOfFailure = 4
const longestOpening = 64
const anyValue = (): boolean => true
