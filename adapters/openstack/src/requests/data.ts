import type { ByteRange, ByteSource } from '@imago/core/provider'
import type { ApiRequest } from './api-request.ts'
import { imageSubject } from './images.ts'

/** Data on their way to Glance. */
export interface Sending {
  readonly bytes: ByteSource
  /** The store to keep them in; left out: the default one. Of no account when they are staged. */
  readonly store?: string | undefined
}

/** Behind a proxy that gathers a body before it hands it on, or in front of a store that writes slowly, nothing is heard for long after the last byte. */
const MOST_SILENCE_MS = 15 * 60_000

/** For what takes its time whatever the size. */
const LEAST_SILENCE_MS = 60_000

/** The slowest way from a proxy to Glance, in bytes a second. */
const SLOWEST = 128 * 1024

const silenceMs = (size: number | null): number =>
  Math.min(MOST_SILENCE_MS, size === null ? MOST_SILENCE_MS : LEAST_SILENCE_MS + Math.ceil((1000 * size) / SLOWEST))

/**
 * Glance since 31.0.0 (2025.2) checks the quota and reserves room by it before it reads; those before pass over it. glance: api-ref/source/v2/images-data.inc.
 */
const SIZE_HEADER = 'x-openstack-image-size'

const sendRequest =
  (name: string, last: 'file' | 'stage') =>
  (imageId: string, { bytes, store }: Sending): ApiRequest => ({
    name,
    method: 'PUT',
    path: ['v2', 'images', imageId, last],
    headers: {
      'content-type': 'application/octet-stream',
      ...(bytes.size === null || bytes.size === 0 ? {} : { [SIZE_HEADER]: String(bytes.size) }),
      ...(store === undefined ? {} : { 'x-image-meta-store': store }),
    },
    body: { kind: 'stream', isReopenable: true, ...bytes },
    // Who did not hear the answer must look at the image first. Only what a 401 has refused is sent again.
    idempotent: false,
    answerTimeoutMs: silenceMs(bytes.size),
    success: 204,
    subject: imageSubject(imageId),
  })

export const uploadRequest = sendRequest('data.upload', 'file')
export const stageRequest = sendRequest('data.stage', 'stage')

/** `Range` counts the last byte in. */
const rangeHeader = ({ start, end }: ByteRange): string => `bytes=${start}-${end === null ? '' : end - 1}`

export const downloadRequest = (imageId: string, range: ByteRange | null): ApiRequest => ({
  name: 'data.download',
  method: 'GET',
  path: ['v2', 'images', imageId, 'file'],
  // The bytes have a type of their own; an error shall come as JSON.
  headers: { accept: 'application/json, */*;q=0.5', ...(range === null ? {} : { range: rangeHeader(range) }) },
  subject: imageSubject(imageId),
})
