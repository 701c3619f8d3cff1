/**
 * The bytes of a record that began in an earlier window. They are copied into one buffer, which doubles up to a limit; beyond
 * the limit they are only counted.
 */
export class KeptBytes {
  bytes: Buffer = Buffer.alloc(0)
  /** Number of bytes given, kept or not. */
  length = 0
  isAscii = true
  private readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get isOverLimit(): boolean {
    return this.length > this.limit
  }

  keep(bytes: Buffer, from: number, to: number, isAscii: boolean): void {
    const start = this.length
    this.length += to - from
    if (!isAscii) this.isAscii = false
    if (this.isOverLimit) {
      this.bytes = Buffer.alloc(0)
    } else {
      if (this.length > this.bytes.length) this.grow(start)
      bytes.copy(this.bytes, start, from, to)
    }
  }

  reset(): void {
    this.length = 0
    this.isAscii = true
    // A huge record must not hold its memory for the rest of the input.
    if (this.bytes.length > releasedAbove) this.bytes = Buffer.alloc(0)
  }

  private grow(used: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(this.limit, Math.max(this.length, 2 * this.bytes.length, 4096)))
    this.bytes.copy(larger, 0, 0, used)
    this.bytes = larger
  }
}

const releasedAbove = 1024 * 1024
