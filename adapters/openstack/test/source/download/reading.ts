import {
  ImageException,
  perform,
  type ByteRange,
  type ByteSource,
  type DownloadOptions,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { createOpenstackSource } from '../../../src/index.ts'
import { getValue } from '../../cloud.ts'
import { DATA, hexDigest, ID, type DataServer, type Handler } from '../../local-data.ts'

export const bytesAt = ({ options }: Pick<DataServer, 'options'>, more: DownloadOptions = {}): Promise<ByteSource> =>
  getValue(perform(createOpenstackSource(options), 'download', ID, more))

export interface Read {
  readonly bytes: Buffer
  /** The thrown error. */
  readonly error: ImageError | null
}

export const read = async (source: ByteSource, range?: ByteRange): Promise<Read> => {
  const chunks: Uint8Array[] = []
  // Node determines when a broken connection is detected; before the first byte, the error is a value.
  const opened = await source.open(range)()
  if (E.isLeft(opened)) return { bytes: Buffer.alloc(0), error: opened.left }
  try {
    for await (const chunk of opened.right) chunks.push(chunk)
  } catch (thrown) {
    if (!ImageException.is(thrown)) throw thrown
    return { bytes: Buffer.concat(chunks), error: thrown.error }
  }
  return { bytes: Buffer.concat(chunks), error: null }
}

/** Returns part of the data, then nothing. */
export const stalling: Handler = (_, response) => {
  response.writeHead(200)
  response.write(DATA.subarray(0, 25_000), () => setTimeout(() => response.write(DATA.subarray(25_000, 50_000)), 50))
}

/** Returns all of `data` in chunks without a length, as Glance does while it fills its cache. */
export const chunked =
  (data: Uint8Array = DATA, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers })
    for (let at = 0; at < data.length; at += 10_000) response.write(data.subarray(at, at + 10_000))
    response.end()
  }

export const parseRange = (text: string | undefined): { readonly start: number; readonly end: number } | null => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(text ?? '') ?? []
  return first === undefined
    ? null
    : { start: Number(first), end: last === '' ? DATA.length : Math.min(DATA.length, Number(last) + 1) }
}

export const partial = ({
  start,
  end,
}: {
  readonly start: number
  readonly end: number
}): Readonly<Record<string, string>> => ({
  'content-length': String(end - start),
  'content-range': `bytes ${start}-${end - 1}/${DATA.length}`,
  'content-md5': hexDigest('md5'),
})
