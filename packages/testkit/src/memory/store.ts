import { createHash } from 'node:crypto'
import {
  applyTagChanges,
  type EntryChanges,
  type Image,
  type ImageChanges,
  type ImageShare,
  type NewImage,
  type ServerImageRequest,
} from '@imago/core/provider'

/** The responses of the projects that an image is shared with. */
export type Shares = ReadonlyMap<string, Exclude<ImageShare['status'], 'unknown'>>

/** The state of one image in the memory provider. */
export interface Stored {
  readonly image: Image
  /** `null`: no data yet. */
  readonly bytes: Uint8Array | null
  readonly shares: Shares
}

/** Creates the record after a write. `raw` is the memory provider's own record, so it is written again. */
export const rewritten = (image: Image, fields: Partial<Image>): Image => {
  const { raw: _, ...record } = { ...image, ...fields }
  return { ...record, raw: record }
}

const merged = <V extends string | null>(
  entries: Readonly<Record<string, V>>,
  changes: EntryChanges,
): Readonly<Record<string, V | string>> => {
  const all = new Map<string, V | string>(Object.entries(entries))
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) all.delete(key)
    else all.set(key, value)
  }
  return Object.fromEntries(all)
}

/** Returns the fields of `image` after `changes`. */
export const changed = (
  image: Image,
  { kind, name, description, labels, tags, properties, minDisk, minRam }: ImageChanges,
): Partial<Image> => ({
  kind: kind ?? image.kind,
  name: name ?? image.name,
  description: description ?? image.description,
  labels: merged<string>(image.labels, labels ?? {}),
  properties: merged<string | null>(image.properties, properties ?? {}),
  tags: tags === undefined ? image.tags : [...applyTagChanges(image.tags, tags)].sort(),
  size: { ...image.size, minDisk: minDisk ?? image.size.minDisk, minRam: minRam ?? image.size.minRam },
})

/** Returns the fields of a new image from `request`. */
export const requested = (
  {
    diskFormat,
    containerFormat = 'bare',
    architecture,
    visibility = 'private',
    name,
    description,
    labels,
    tags,
    properties,
    minDisk,
    minRam,
  }: NewImage,
  image: Image,
): Partial<Image> => ({
  ...changed(image, { labels, tags, properties, minDisk, minRam }),
  name,
  description: description ?? null,
  kind: 'image',
  status: 'pending',
  visibility,
  hidden: false,
  protected: false,
  architecture: architecture ?? null,
  format: { disk: diskFormat, container: containerFormat },
})

/** Returns the fields of an image created from a disk, in a cloud without formats and digests. */
export const imaged = (request: NewImage, bytes: Uint8Array, virtualSize: number, image: Image): Partial<Image> => ({
  ...requested(request, image),
  kind: 'snapshot',
  status: 'available',
  visibility: 'private',
  format: { disk: null, container: null },
  size: { ...image.size, stored: bytes.length, virtual: virtualSize },
})

/** Returns the fields of an image while it is created from a server. */
export const snapshotted = ({
  serverId,
  name,
  description,
  kind = 'snapshot',
  labels = {},
}: ServerImageRequest): Partial<Image> => ({
  kind,
  name: name ?? null,
  description: description ?? null,
  labels: { ...labels },
  status: 'pending',
  visibility: 'private',
  hidden: false,
  protected: false,
  format: { disk: 'raw', container: 'bare' },
  origins: [{ relation: 'created-from', kind: 'server', id: serverId, name: null, url: null }],
})

/** Returns the fields of an image once `stores` hold its `bytes`. */
export const filled = (image: Image, bytes: Uint8Array, stores: readonly string[]): Partial<Image> => ({
  status: 'available',
  stores: [...stores],
  size: { ...image.size, stored: bytes.length },
  digests: [
    {
      algorithm: 'sha512',
      value: createHash('sha512').update(bytes).digest('hex'),
      of: 'stored',
      assertedBy: 'provider',
    },
  ],
})
