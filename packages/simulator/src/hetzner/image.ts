import { toInstant, toWireDeprecation, type Deprecation, type Era } from './era.ts'
import type { Labels } from './labels.ts'

export type Architecture = 'x86' | 'arm'

/** An image as stored; times in milliseconds since 1970, sizes in Hetzner's GB. */
export interface StoredImage {
  readonly id: number
  readonly type: 'system' | 'app' | 'snapshot' | 'backup'
  readonly status: 'available' | 'creating' | 'unavailable'
  readonly name: string | null
  readonly description: string
  readonly imageSize: number | null
  readonly diskSize: number
  readonly created: number
  readonly createdFrom: { readonly id: number; readonly name: string } | null
  readonly boundTo: number | null
  readonly osFlavor: string
  readonly osVersion: string | null
  readonly rapidDeploy: boolean
  readonly isProtected: boolean
  readonly deprecation: Deprecation | null
  readonly deleted: number | null
  readonly labels: Labels
  readonly architecture: Architecture
  /** The seed of the content of a disk without writes. Default: the image's own. */
  readonly diskSeed?: number
}

/** https://docs.hetzner.cloud/reference/cloud#tag/images */
export const toWireImage = (image: StoredImage, era: Era): unknown => ({
  id: image.id,
  type: image.type,
  status: image.status,
  name: image.name,
  description: image.description,
  image_size: image.imageSize,
  disk_size: image.diskSize,
  created: toInstant(image.created, era),
  created_from: image.createdFrom,
  bound_to: image.boundTo,
  os_flavor: image.osFlavor,
  os_version: image.osVersion,
  rapid_deploy: image.rapidDeploy,
  protection: { delete: image.isProtected },
  ...(era === '2024'
    ? { deprecated: image.deprecation === null ? null : toInstant(image.deprecation.announced, era) }
    : { deprecation: toWireDeprecation(image.deprecation, era) }),
  deleted: image.deleted === null ? null : toInstant(image.deleted, era),
  labels: image.labels,
  architecture: image.architecture,
})

/** Whether lists include the image and servers can be created from it. */
export const isOffered = ({ deprecation, deleted }: StoredImage, now: number): boolean =>
  deleted === null && (deprecation === null || now < deprecation.unavailableAfter)
