import type { Pointer } from '@imago/codec'

/** A position in the input. */
export interface InputPosition {
  readonly file: string
  /** 1-based; `null`: unknown. */
  readonly line: number | null
  readonly pointer: Pointer
}

/** Receives the records and problems of an input, in order. */
export interface RecordSink {
  /** `text`: the record's original JSON; `null`: unknown. */
  readonly record: (record: unknown, place: InputPosition, text: string | null) => void
  /** A part of the input that cannot be parsed. `fatal`: nothing after it was read. */
  readonly problem: (reason: string, place: InputPosition & { readonly offset: number }, fatal: boolean) => void
  /** Called after each chunk. Reading continues when the promise resolves. */
  readonly flush: () => Promise<void>
}
