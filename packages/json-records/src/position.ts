import type { InputWindow } from './window.ts'

/**
 * The current top-level value, and whether the input has one value per line.
 *
 * If the last non-empty top-level array or object was on one line, the input is taken for NDJSON. A `{` or `[` in the first
 * column then begins a new value even if the one before is still open, whose line was cut off. Otherwise a value may span
 * lines, as in pretty-printed JSON. The only valid input that this misreads is a value on one line followed by one that
 * spans lines without indentation.
 */
export class Position {
  /** 0-based index of the top-level value. */
  document = 0
  offset = 0
  line = 1
  /** Prefix of the pointers in the streamed array, `/` or `/images/`; `''` outside of one. */
  prefix = ''
  /** Index of the element in that array. */
  index = 0
  private wasOnOneLine: boolean | undefined

  /** Whether the last value proved that the input has one value per line. */
  get isLinePerValue(): boolean {
    return this.wasOnOneLine === true
  }

  get pointer(): string {
    return this.prefix === '' ? '' : this.prefix + this.index
  }

  beginDocument(window: InputWindow, at: number): void {
    this.offset = window.offset + at
    this.line = window.line
  }

  beginArray(prefix: string): void {
    this.prefix = prefix
    this.index = 0
  }

  /** Begins between two lines of an input with one value per line. `document`: the index of the value of the next line. */
  beginAtLine(document: number): void {
    this.document = document
    this.wasOnOneLine = true
  }

  /** Learns from a complete top-level array or object. An empty one is on one line even in pretty-printed JSON. */
  learnShape(window: InputWindow, to: number): void {
    if (this.line !== window.line) this.wasOnOneLine = false
    else if (window.offset + to - this.offset > 2) this.wasOnOneLine = true
  }

  endDocument(): void {
    this.document += 1
    this.prefix = ''
  }

  /** Whether the opening bracket at `at` begins a new value although one is open. */
  isTornBefore(window: InputWindow, at: number): boolean {
    return at === window.lineStart && this.isLinePerValue
  }

  /** Whether an open value can be abandoned at the end of the line. The first value is assumed to be on one line. */
  hasLinePerValue(window: InputWindow): boolean {
    return this.wasOnOneLine ?? this.line === window.line
  }
}
