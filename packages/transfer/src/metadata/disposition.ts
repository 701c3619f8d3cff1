import type { FieldName } from '@imago/core'

/** What becomes of a field. */
export type Disposition = 'kept' | 'translated' | 'lost' | 'needed'

/** What becomes of one field, or of one entry of it. */
export interface FieldDisposition {
  readonly field: FieldName
  /** The label, tag or property; `null`: the whole field. */
  readonly entry: string | null
  readonly disposition: Disposition
  /** What the source says, as text; `null`: nothing. */
  readonly from: string | null
  /** What the target will say, as text; `null`: nothing. */
  readonly to: string | null
  /** How it is translated, why it is lost, what is needed; `null` where it is kept. */
  readonly reason: string | null
}
