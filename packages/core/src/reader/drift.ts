import type { Issue, Note, Pointer } from '@imago/codec'

/** Something a record said that imago did not expect. The image came through. */
export type Drift = Note & {
  readonly provider: string
  /** The image that came of the record. */
  readonly id: string
  /** Where in the record; `pointer` is where in the document. */
  readonly path: Pointer
}

/** A record that could not be read at all, and why. Its neighbours are not concerned. */
export interface RejectedRecord {
  /** `null`: it was not recognized as any provider's. */
  readonly provider: string | null
  /** Where it stands in the document. */
  readonly pointer: Pointer
  /** Never empty. Pointers are from the document's root, as `pointer` is. */
  readonly issues: readonly Issue[]
  /** What would help, where that is known. */
  readonly remedy?: RejectionRemedy
  readonly raw: unknown
}

/** To name the provider, one of these. Its words end the text of the issue: whoever has a flag for it puts that in their place. */
export interface RejectionRemedy {
  readonly remedy: 'name-provider'
  readonly words: string
  readonly providers: readonly string[]
}
