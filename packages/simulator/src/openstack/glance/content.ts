import { createHash } from 'node:crypto'

/** The data of an image: uploaded bytes, or a head followed by zeros, which needs no memory. */
export type Content =
  | { readonly kind: 'sent'; readonly chunks: readonly Buffer[]; readonly size: number }
  | { readonly kind: 'sparse'; readonly head: Buffer; readonly size: number }

export interface Digests {
  readonly checksum: string
  readonly os_hash_algo: 'sha512'
  readonly os_hash_value: string
}

const ZEROS = Buffer.alloc(64 * 1024)

/** Generates the bytes from `start` up to, but not including, `end`. */
export function* readBytes(content: Content, start = 0, end = content.size): Generator<Buffer> {
  let at = 0
  for (const chunk of content.kind === 'sent' ? content.chunks : [content.head]) {
    if (at + chunk.length > start && at < end)
      yield chunk.subarray(Math.max(0, start - at), Math.min(chunk.length, end - at))
    at += chunk.length
  }
  for (let next = Math.max(at, start); next < end; next += ZEROS.length)
    yield ZEROS.subarray(0, Math.min(ZEROS.length, end - next))
}

export const sent = (chunks: readonly Buffer[]): Content => ({
  kind: 'sent',
  chunks,
  size: chunks.reduce((size, { length }) => size + length, 0),
})

export const sparse = (head: Buffer, size: number): Content => ({
  kind: 'sparse',
  head: size < head.length ? Buffer.from(head.subarray(0, size)) : head,
  size,
})

export const computeDigests = (content: Content): Digests => {
  const md5 = createHash('md5')
  const sha512 = createHash('sha512')
  for (const chunk of readBytes(content)) {
    md5.update(chunk)
    sha512.update(chunk)
  }
  return { checksum: md5.digest('hex'), os_hash_algo: 'sha512', os_hash_value: sha512.digest('hex') }
}

const QCOW2_MAGIC = Buffer.from([0x51, 0x46, 0x49, 0xfb])

/** Returns the size that Glance's format inspector finds: in a qcow2 header, or the length of a raw image. Null: unknown. */
export const readVirtualSize = (content: Content, diskFormat: string | null): number | null => {
  if (diskFormat === 'raw') return content.size === 0 ? null : content.size
  if (diskFormat !== 'qcow2' || content.size < 512) return null
  const head = Buffer.concat([...readBytes(content, 0, 32)])
  return head.subarray(0, 4).equals(QCOW2_MAGIC) ? Number(head.readBigUInt64BE(24)) : null
}

const QCOW2_CLUSTER = 64 * 1024
/** Header, reference count table, its single block, and the L1 table. */
const QCOW2_PARTS = 4

/**
 * Creates the beginning of an empty qcow2 of this virtual size, up to 4 TiB. Followed by zeros to the end of its fourth cluster or beyond, it is an
 * image that QEMU opens. Source: docs/interop/qcow2.txt of QEMU.
 */
export const qcow2Head = (virtualSize: number): Buffer => {
  const [counts, block, disk] = [QCOW2_CLUSTER, 2 * QCOW2_CLUSTER, 3 * QCOW2_CLUSTER]
  const head = Buffer.alloc(block + 2 * QCOW2_PARTS)
  QCOW2_MAGIC.copy(head)
  head.writeUInt32BE(3, 4)
  head.writeUInt32BE(16, 20)
  head.writeBigUInt64BE(BigInt(virtualSize), 24)
  head.writeUInt32BE(Math.ceil(virtualSize / (QCOW2_CLUSTER * (QCOW2_CLUSTER / 8))), 36)
  head.writeBigUInt64BE(BigInt(disk), 40)
  head.writeBigUInt64BE(BigInt(counts), 48)
  head.writeUInt32BE(1, 56)
  head.writeUInt32BE(4, 96)
  head.writeUInt32BE(104, 100)
  head.writeBigUInt64BE(BigInt(block), counts)
  for (let part = 0; part < QCOW2_PARTS; part++) head.writeUInt16BE(1, block + 2 * part)
  return head
}
