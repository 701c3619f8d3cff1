/** One JSON value cut out of the input. */
export interface SplitText {
  /** The value's bytes as they came, decoded as UTF-8. In a shell, the elements of streamed arrays are left out. */
  readonly text: string
  /** JSON Pointer (RFC 6901) inside its top-level value: `''`, `/3` or `/images/3`. */
  readonly pointer: string
  /** 0-based index of its top-level value in the input. */
  readonly document: number
  /** 1-based line on which it begins. */
  readonly line: number
  /** Byte offset in the input at which it begins. */
  readonly offset: number
}

export interface SplitRecord extends SplitText {
  /** What `parse` made of the text. */
  readonly value: unknown
}

/** Something in the input that is not as it should be. */
export interface SplitProblem {
  readonly reason: string
  readonly offset: number
  readonly line: number
  /** The record in which or before which it was met, `''` outside of a walked array. */
  readonly pointer: string
  /** True when nothing more is read from this input. It is then the last thing reported. */
  readonly fatal: boolean
}

/** Where a splitter puts what it finds, in the order in which it ends in the input. Called during `push` and `end`. */
export interface SplitSink {
  record(record: SplitRecord): void
  /** A value whose brackets and strings close, but which `parse` refused with `error`. Reading goes on after it. */
  malformed(record: SplitText, error: unknown): void
  problem(problem: SplitProblem): void
}
