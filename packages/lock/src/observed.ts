import type { CloudIdentity, Evidence, FieldName, Image, ImageKind, ObservedImages } from '@imago/core'
import type { OwnProject } from './trust.ts'

/** The images of a cloud, and facts about them beside their fields. */
export interface ObservedCloud {
  readonly cloud: CloudIdentity
  /** Includes hidden images, in any order. If not all were read, a missing image may exist. */
  readonly images: ObservedImages
  readonly project: OwnProject
  /** The kinds of images whose ID always refers to the same bytes, by the provider's contract. */
  readonly immutableKinds: readonly ImageKind[]
  /** The evidence for a field of an image. */
  readonly evidence: (image: Image, field: FieldName) => Evidence
}
