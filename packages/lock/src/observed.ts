import type { CloudIdentity, Evidence, FieldName, Image, ImageKind, ObservedImages } from '@imago/core'
import type { OwnProject } from './trust.ts'

/** The images of a cloud, and what is known of them beside their fields. */
export interface ObservedCloud {
  readonly cloud: CloudIdentity
  /** Hidden images too, in any order. Unless all were read, an image that is missing may exist. */
  readonly images: ObservedImages
  readonly project: OwnProject
  /** The kinds of images whose ID always stands for the same bytes, by the provider's contract. */
  readonly immutableKinds: readonly ImageKind[]
  /** How far a field of an image can be relied on. */
  readonly evidence: (image: Image, field: FieldName) => Evidence
}
