import type { InputWindow } from './window.ts'

/**
 * Where among the top-level values the walk is, and whether the input has one of them a line.
 *
 * As long as the last non-empty top-level array or object stood on one line, the input is taken for one value a line
 * (NDJSON). Then a `{` or `[` in the first column begins a new value, even where the one before is still open: its line
 * is torn. Otherwise a value may span lines, as pretty-printed JSON does. The one valid input this misreads is a value on
 * one line followed by one that spans lines without any indentation.
 */
export class Place {
  /** 0-based index of the top-level value. */
  document = 0
  offset = 0
  line = 1
  /** Of the pointers in the array that is walked, `/` or `/images/`; `''` outside of one. */
  prefix = ''
  /** Of the element in that array. */
  index = 0
  private lastStoodOnOneLine: boolean | undefined

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

  /** Learns from a top-level array or object that is complete. Empty ones stand on one line even in pretty-printed JSON. */
  learnShape(window: InputWindow, to: number): void {
    if (this.line !== window.line) this.lastStoodOnOneLine = false
    else if (window.offset + to - this.offset > 2) this.lastStoodOnOneLine = true
  }

  endDocument(): void {
    this.document += 1
    this.prefix = ''
  }

  /** Whether the opening bracket at `at` belongs to a new value, though one is open. */
  isTornBefore(window: InputWindow, at: number): boolean {
    return at === window.lineStart && this.lastStoodOnOneLine === true
  }

  /** Whether an open value can be given up at the end of the line. The first value gets the benefit of the doubt on its first line. */
  hasLinePerValue(window: InputWindow): boolean {
    return this.lastStoodOnOneLine ?? this.line === window.line
  }
}
