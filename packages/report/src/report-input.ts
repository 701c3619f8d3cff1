import type { Evidence, FieldName, Image, Observation } from '@imago/core'
import type { SupportData } from '@imago/crosswalk/support'
import type { DiffSide, SupportLevel } from '@imago/lifecycle'

/** An earlier state of the same clouds, to compare with. */
export interface EarlierState extends DiffSide {
  /** When it was read, RFC 3339; `null`: unknown. */
  readonly at: string | null
}

/** All that a report is made of. The same input gives the same bytes. */
export interface ReportInput {
  readonly observation: Observation
  readonly supportData: SupportData
  /** Which end of support counts. Default: `standard`. */
  readonly level?: SupportLevel | undefined
  readonly earlier?: EarlierState | undefined
  /** How each field of an image is known. Absent: the report does not contain evidence. */
  readonly readEvidence?: ((image: Image) => Readonly<Partial<Record<FieldName, Evidence>>> | null) | undefined
}
