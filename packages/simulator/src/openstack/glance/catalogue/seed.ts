import { toHexId, toUuid } from '../../ids.ts'
import { computeDigests, qcow2Head, sparse, readVirtualSize, type Content, type Digests } from '../content.ts'
import { NEW_IMAGE, type StoredImage } from '../image.ts'
import { DIGESTS } from './digests.ts'

export const ADMIN = toHexId('project/admin')
export const DEMO = toHexId('project/demo')
export const OTHER = toHexId('project/other')

export const GIB = 1024 ** 3
export const MIB = 1024 ** 2

/** An image of the catalogue: its differences from a new image. */
export type Seed = Partial<
  Omit<StoredImage, 'id' | 'properties' | 'createdAt' | 'updatedAt' | 'locations' | 'members' | 'content'>
> & {
  /** The key from which the ID is derived. */
  readonly key: string
  readonly created: string
  readonly updated?: string
  readonly properties?: Readonly<Record<string, string | null>>
  readonly members?: Readonly<Record<string, 'pending' | 'accepted' | 'rejected'>>
  /** The size of the data. Absent: no data. */
  readonly bytes?: number
  /** The size of the disk in the image, if the format contains it. */
  readonly disk?: number
  readonly stores?: readonly string[]
  /** Shows no checksum, as in clouds that compute none. */
  readonly withoutDigests?: boolean
}

const ISO_HEAD = (() => {
  const head = Buffer.alloc(33 * 1024)
  head.write('CD001', 32769, 'latin1')
  return head
})()

const createHead = ({ disk_format: format, disk = 0 }: Seed): Buffer => {
  if (format === 'qcow2') return qcow2Head(disk)
  if (format === 'iso') return ISO_HEAD
  if (format === 'vmdk') return Buffer.from('KDMV\u0003\0\0\0', 'latin1')
  return format === 'vhd' ? Buffer.from('conectix', 'latin1') : Buffer.alloc(0)
}

export const createContent = (seed: Seed): Content | null =>
  seed.bytes === undefined ? null : sparse(createHead(seed), seed.bytes)

/** Digests of large images are precomputed: they take seconds per GiB. */
const knownDigests = (key: string, content: Content): Digests => {
  const known = DIGESTS[key]
  return known === undefined
    ? computeDigests(content)
    : { checksum: known[0], os_hash_algo: 'sha512', os_hash_value: known[1] }
}

export const toImage = (region: string, seed: Seed): StoredImage => {
  const {
    key,
    created,
    updated = created,
    properties = {},
    members = {},
    bytes: _bytes,
    disk: _disk,
    stores = ['fast'],
    withoutDigests = false,
    ...rest
  } = seed
  const id = toUuid(`image/${region}/${key}`)
  const content = createContent(seed)
  const createdAt = Date.parse(created)
  const data =
    content === null
      ? {}
      : {
          status: 'active',
          size: content.size,
          virtual_size: readVirtualSize(content, seed.disk_format ?? null),
          content,
          locations: stores.map((store) => ({ url: `file:///var/lib/glance/${store}/${id}`, store })),
          ...(withoutDigests ? {} : knownDigests(key, content)),
        }
  return {
    ...NEW_IMAGE,
    owner: ADMIN,
    ...data,
    ...rest,
    id,
    properties: new Map(Object.entries(properties)),
    members: new Map(
      Object.entries(members).map(([member, status]) => [
        member,
        { id: member, status, createdAt, updatedAt: createdAt },
      ]),
    ),
    createdAt,
    updatedAt: Date.parse(updated),
  }
}
