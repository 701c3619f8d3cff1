import type { ByteRange, ByteSource } from '@imago/core/provider'
import type { ApiRequest } from './api-request.ts'
import { imageSubject } from './images.ts'

/** An upload of data. */
export interface DataUpload {
  readonly bytes: ByteSource
  /** Target store, ignored for staging. Default: Glance's default store. */
  readonly store?: string | undefined
}

/** Longest accepted delay of the response after the last byte, caused by buffering proxies and slow stores. */
const MAX_SILENCE_MS = 15 * 60_000

/** Shortest such delay, for work that does not depend on the size. */
const MIN_SILENCE_MS = 60_000

/** Assumed slowest transfer from a proxy to Glance, in bytes per second. */
const SLOWEST = 128 * 1024

const silenceMs = (size: number | null): number =>
  Math.min(MAX_SILENCE_MS, size === null ? MAX_SILENCE_MS : MIN_SILENCE_MS + Math.ceil((1000 * size) / SLOWEST))

/** Since 31.0.0 (2025.2), Glance checks the quota against this size before it reads the data; earlier versions ignore it. glance: api-ref/source/v2/images-data.inc. */
const SIZE_HEADER = 'x-openstack-image-size'

const sendRequest =
  (name: string, last: 'file' | 'stage') =>
  (imageId: string, { bytes, store }: DataUpload): ApiRequest => ({
    name,
    method: 'PUT',
    path: ['v2', 'images', imageId, last],
    headers: {
      'content-type': 'application/octet-stream',
      ...(bytes.size === null || bytes.size === 0 ? {} : { [SIZE_HEADER]: String(bytes.size) }),
      ...(store === undefined ? {} : { 'x-image-meta-store': store }),
    },
    body: { kind: 'stream', isReopenable: true, ...bytes },
    // After a lost response, the image must be checked first. Data are sent again only after a 401.
    idempotent: false,
    responseTimeoutMs: silenceMs(bytes.size),
    success: 204,
    subject: imageSubject(imageId),
  })

export const uploadRequest = sendRequest('data.upload', 'file')
export const stageRequest = sendRequest('data.stage', 'stage')

/** `Range` includes the last byte; `end` excludes it. */
const formatRange = ({ start, end }: ByteRange): string => `bytes=${start}-${end === null ? '' : end - 1}`

export const downloadRequest = (imageId: string, range: ByteRange | null): ApiRequest => ({
  name: 'data.download',
  method: 'GET',
  path: ['v2', 'images', imageId, 'file'],
  // Data have their own media type; errors are requested as JSON.
  headers: { accept: 'application/json, */*;q=0.5', ...(range === null ? {} : { range: formatRange(range) }) },
  subject: imageSubject(imageId),
})
