import { KeptBytes } from './kept-bytes.ts'
import type { InputWindow } from './window.ts'

/**
 * The last string directly inside a top-level object. If an array begins there, that string is its key: in valid JSON nothing
 * else can precede it, and `JSON.parse` refuses the object otherwise.
 */
export class MemberKey {
  /** Its bytes in the current window. `from` is 0 only for a key that began in an earlier window, which `kept` holds. */
  from = 0
  to = 0
  private readonly streamed: ReadonlySet<string>
  private readonly longest: number
  private readonly kept: KeptBytes

  constructor(streamed: ReadonlySet<string>) {
    this.streamed = streamed
    // A UTF-16 code unit takes at most six bytes: \uXXXX. A longer key cannot be a streamed one.
    this.longest = 6 * Math.max(0, ...Array.from(streamed, (key) => key.length))
    this.kept = new KeptBytes(this.longest)
  }

  /** Takes a string of this window. It begins after a quote, so never at 0. */
  see(from: number, to: number): void {
    this.from = from
    this.to = to
  }

  reset(): void {
    this.from = 0
    this.to = 0
    this.kept.reset()
  }

  /** Must be called before the window advances. */
  carry(window: InputWindow): void {
    if (this.from > 0) this.kept.reset()
    this.kept.keep(window.bytes, this.from, this.to, window.isAscii)
    this.from = 0
    this.to = 0
  }

  /** The decoded key if its array is to be streamed. */
  findStreamed(window: InputWindow): string | undefined {
    if (this.to - this.from > this.longest) return undefined
    let raw = window.bytes.toString('utf8', this.from, this.to)
    if (this.from === 0) {
      this.kept.keep(window.bytes, 0, this.to, window.isAscii)
      this.to = 0
      if (this.kept.isOverLimit) return undefined
      raw = this.kept.bytes.toString('utf8', 0, this.kept.length)
    }
    const key = raw.includes('\\') ? unescape(raw) : raw
    return key !== undefined && this.streamed.has(key) ? key : undefined
  }
}

function unescape(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string
  } catch {
    return undefined
  }
}
