import type { ImageKind, Visibility } from '@imago/core/provider'

const KIND: ReadonlyMap<string, ImageKind> = new Map([
  ['system', 'system'],
  ['app', 'app'],
  ['snapshot', 'snapshot'],
  ['backup', 'backup'],
])

export const toKind = (type: string | null | undefined): ImageKind | undefined =>
  type === null || type === undefined ? undefined : (KIND.get(type) ?? 'unknown')

const VISIBILITY: ReadonlyMap<string, Visibility> = new Map([
  ['system', 'public'],
  ['app', 'public'],
  ['snapshot', 'private'],
  ['backup', 'private'],
])

/** System and app images are public; snapshots and backups belong to one project, and cannot be shared. */
export const toVisibility = (type: string | null | undefined): Visibility | undefined =>
  type === null || type === undefined ? undefined : VISIBILITY.get(type)
