import { Closing, OpenBracket, Opening, QuoteMark, Separator, meaning } from './bytes.ts'
import type { MemberKey } from './member-key.ts'
import type { Position } from './position.ts'
import { StringIsTorn, type InputWindow } from './window.ts'

/** Outcomes of a scan. */
export const Incomplete = 0
export const Closed = 1
/** Stopped at a bracket or separator that begins the next value. */
export const TornByValue = 2
/** Stopped at a newline inside a string. */
export const TornString = 3
/** Stopped at the `[` of an array to be streamed. */
export const StreamBegins = 4

/**
 * Finds the end of one object, array or string, across windows.
 *
 * Brackets are counted, not paired: a mismatched pair ends up in one record, which parsing refuses, and the next record
 * is still found.
 */
export class ContainerScan {
  outcome = Incomplete
  /** The key of the array when the outcome is `StreamBegins`. */
  streamedKey = ''
  private depth = 0
  private isInString = false
  /** In a string: whether the last byte of the previous window escapes the next one. */
  private isEscaped = false
  /** The depth at which keys matter: directly inside a top-level object. -1 elsewhere. */
  private keyDepth = -1
  private readonly key: MemberKey

  constructor(key: MemberKey) {
    this.key = key
  }

  beginObject(): void {
    this.key.reset()
    this.resumeObject()
  }

  /** Continues in the top-level object after a streamed array. */
  resumeObject(): void {
    this.depth = 1
    this.keyDepth = 1
    this.isInString = false
  }

  beginElement(isString: boolean): void {
    this.depth = isString ? 0 : 1
    this.keyDepth = -1
    this.isInString = isString
    this.isEscaped = false
  }

  /** Sets the outcome and returns the index where the scan stopped; for `Closed`, the index after the end. */
  scan(window: InputWindow, position: Position, at: number): number {
    if (this.isInString) {
      at = this.continueString(window, at)
      if (this.isInString || this.depth === 0) return at
    }
    const { bytes, size } = window
    const { key, keyDepth } = this
    let depth = this.depth
    for (; at < size; at++) {
      const kind = meaning[bytes[at]!]!
      if (kind === 0) continue
      if (kind === QuoteMark) {
        const close = window.findClosingQuote(at + 1, at + 1)
        if (depth === keyDepth) key.see(at + 1, close < 0 ? size : close)
        if (close < 0) {
          this.depth = depth
          return this.stopInString(window, close, at + 1)
        }
        at = close
      } else if (kind === Opening) {
        if (position.isTornBefore(window, at)) return this.stop(TornByValue, at)
        if (depth === keyDepth && bytes[at] === OpenBracket) {
          const streamed = key.findStreamed(window)
          if (streamed !== undefined) {
            this.streamedKey = streamed
            return this.stop(StreamBegins, at)
          }
        }
        depth += 1
      } else if (kind === Closing) {
        depth -= 1
        if (depth === 0) return this.stop(Closed, at + 1)
      } else if (kind === Separator) {
        return this.stop(TornByValue, at)
      } else {
        window.passNewline(at)
      }
    }
    this.depth = depth
    return this.stop(Incomplete, at)
  }

  private continueString(window: InputWindow, at: number): number {
    const quotesFrom = this.isEscaped ? at + 1 : at
    const close = window.findClosingQuote(at, quotesFrom)
    if (this.depth === this.keyDepth) this.key.to = close < 0 ? window.size : close
    if (close < 0) return this.stopInString(window, close, quotesFrom)
    this.isInString = false
    return this.stop(Closed, close + 1)
  }

  private stopInString(window: InputWindow, close: number, quotesFrom: number): number {
    this.isInString = true
    if (close === StringIsTorn) return this.stop(TornString, window.newlineAt)
    this.isEscaped = window.endsInEscape(quotesFrom)
    return this.stop(Incomplete, window.size)
  }

  private stop(outcome: number, at: number): number {
    this.outcome = outcome
    return at
  }
}
