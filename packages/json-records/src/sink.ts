/** The text of one JSON value of the input. */
export interface SplitText {
  /** The value's original text. In the shell of streamed arrays, their elements are left out. */
  readonly text: string
  /** JSON Pointer (RFC 6901) within its top-level value: `''`, `/3` or `/images/3`. */
  readonly pointer: string
  /** 0-based index of its top-level value in the input. */
  readonly document: number
  /** 1-based line where it begins. */
  readonly line: number
  /** Offset in the input where it begins, in bytes. */
  readonly offset: number
}

/** A value that was parsed. */
export interface SplitRecord extends SplitText {
  /** The result of `parse`. */
  readonly value: unknown
}

/** Something wrong in the input. */
export interface SplitProblem {
  /** In lower case, without a full stop. It quotes at most one byte of the input. */
  readonly reason: string
  /** Offset in the input, in bytes. */
  readonly offset: number
  /** 1-based. */
  readonly line: number
  /** Pointer of the record in which, or before which, it was found; `''` outside of streamed arrays. */
  readonly pointer: string
  /** Nothing more is read from this input. It is then the last event. */
  readonly fatal: boolean
}

/** Receives what a splitter finds, in the order in which it ends in the input, during `push` and `end`. */
export interface SplitSink {
  record(record: SplitRecord): void
  /** A value that `parse` refused with `error`. Reading continues after it. */
  malformed(record: SplitText, error: unknown): void
  problem(problem: SplitProblem): void
}
