import type { CloudIdentity, Evidence, FieldName, Image, Observation } from '@imago/core'
import type { SupportData } from '@imago/crosswalk/support'
import type { DiffSide, SupportLevel } from '@imago/lifecycle'

/** An earlier state of the same clouds, to compare with. */
export interface EarlierState extends DiffSide {
  /** When it was read, RFC 3339; `null`: unknown. */
  readonly at: string | null
  /** The clouds that were read. Default: those of its images. Other clouds are not compared. */
  readonly clouds?: readonly CloudIdentity[] | undefined
}

/** The input of a report. The same input gives the same bytes. */
export interface ReportInput {
  readonly observation: Observation
  /** Images of these clouds that the report omits. An earlier image that is one of them now was not removed. */
  readonly unselected?: readonly Image[] | undefined
  readonly supportData: SupportData
  /** The level of support whose end counts. Default: `standard`. */
  readonly level?: SupportLevel | undefined
  readonly earlier?: EarlierState | undefined
  /** The evidence for each field of an image. Absent: the report contains no evidence. */
  readonly readEvidence?: ((image: Image) => Readonly<Partial<Record<FieldName, Evidence>>> | null) | undefined
}
