import { conflict, decodeFailed, type ImageResult, type ByteRange, type ImageError } from '@imago/core/provider'
import { observeBytes, parseContentCodings } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { downloadRequest, stageRequest, uploadRequest, type DataUpload } from '../requests/data.ts'
import { parseLength, readContentRange, type ContentRange } from '../bytes/content-range.ts'
import type { Caller, CallOptions, Streamed } from './call.ts'

/** Data as Glance sends them, not verified. Read or `close` them. */
export interface ImageData extends Pick<Streamed, 'bytes' | 'close' | 'site'> {
  /** Of a response 206. Some stores ignore ranges. `null`: the response is for all data. */
  readonly range: ContentRange | null
  /** `Content-Length`. `null`: absent, as when Glance fills its cache. */
  readonly length: number | null
  /** `Content-MD5` of all data, even with a range. Hexadecimal, unlike RFC 1864. */
  readonly md5: string | null
  /** Sent by proxies. Glance sends none. */
  readonly etag: string | null
  /** The compressions of `Content-Encoding`, in the order they were applied, of proxies too. `bytes` are not decompressed. */
  readonly codings: readonly string[]
}

/** `/v2/images/{id}/file` and `/stage`. */
export interface DataApi {
  /**
   * - Uploads data to a queued image. Any other image is `Conflict`, a missing or read-only store `Rejected`, too much data `QuotaExceeded`.
   * - Data are sent once, while they are read; again only after a 401. If their size is stated, a different one is `IntegrityFailed`.
   * - After a failure, Glance sets the image to queued again, with a delay if the connection broke.
   */
  readonly upload: (imageId: string, upload: DataUpload, options?: CallOptions) => ImageResult<void>
  /** - As `upload`, to Glance's staging area, for an import with glance-direct. `NotFound` without one. */
  readonly stage: (imageId: string, upload: DataUpload, options?: CallOptions) => ImageResult<void>
  /** - The data of an image, or a range of them. `Conflict`: the image has no data. */
  readonly download: (imageId: string, range?: ByteRange | null, options?: CallOptions) => ImageResult<ImageData>
}

const NO_CONTENT = 204
const PARTIAL_CONTENT = 206

const toData =
  (imageId: string) =>
  ({ status, headers, bytes, close, site }: Streamed): E.Either<ImageError, ImageData> => {
    const range = status === PARTIAL_CONTENT ? readContentRange(headers.get('content-range')) : null
    if (status === NO_CONTENT || (status === PARTIAL_CONTENT && range === null)) {
      close()
      return E.left(
        status === NO_CONTENT
          ? conflict(site, {
              what: `image ${imageId} has no data`,
              hint: 'Upload data to it, or wait until it is active',
            })
          : decodeFailed(site, {
              what: 'the response is a part of the data without a valid Content-Range',
              issues: [],
            }),
      )
    }
    return E.right({
      bytes: observeBytes(bytes, { onClose: close }),
      close,
      site,
      range,
      length: parseLength(headers.get('content-length')),
      md5: headers.get('content-md5'),
      etag: headers.get('etag'),
      codings: parseContentCodings(headers),
    })
  }

export const dataApi = (caller: Caller): DataApi => ({
  upload: (imageId, upload, options) => caller.done(uploadRequest(imageId, upload), options),
  stage: (imageId, upload, options) => caller.done(stageRequest(imageId, upload), options),
  download: (imageId, range = null, options = {}) =>
    pipe(caller.streamed(downloadRequest(imageId, range), options), TE.flatMapEither(toData(imageId))),
})
