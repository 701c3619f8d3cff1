import type { Issue, Note, Pointer } from '@imago/codec'

/** An unexpected value in a record that was nevertheless read. */
export type Drift = Note & {
  readonly provider: string
  /** ID of the image. */
  readonly id: string
  /** Location in the record; `pointer` is the location in the document. */
  readonly path: Pointer
}

/** A record that could not be read, and why. Other records are unaffected. */
export interface RejectedRecord {
  /** `null`: no provider recognized the record. */
  readonly provider: string | null
  /** Location in the document. */
  readonly pointer: Pointer
  /** Never empty. Pointers start at the document's root. */
  readonly issues: readonly Issue[]
  /** How to read the record, if that is known. */
  readonly remedy?: RejectionRemedy
  readonly raw: unknown
}

/** The remedy is to name one of these providers. The text of the issue ends with `words`, which the command replaces by its option. */
export interface RejectionRemedy {
  readonly remedy: 'name-provider'
  readonly words: string
  readonly providers: readonly string[]
}
