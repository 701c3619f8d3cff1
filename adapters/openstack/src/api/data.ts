import { conflict, decodeFailed, type ImageResult, type ByteRange, type ImageError } from '@imago/core/provider'
import {
  observeBytes,
  parseContentCodings,
  parseContentLength,
  parseContentRange,
  type ContentRange,
} from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { downloadRequest, stageRequest, uploadRequest, type DataUpload } from '../requests/data.ts'
import type { Caller, CallOptions, Streamed } from './call.ts'

/** Image data as received from Glance, not verified. Read `bytes` or call `close`. */
export interface ImageData extends Pick<Streamed, 'bytes' | 'close' | 'site'> {
  /** The range of a 206 response. `null`: the response contains all data; some stores ignore ranges. */
  readonly range: ContentRange | null
  /** `Content-Length`. `null` if absent, as when Glance fills its cache. */
  readonly length: number | null
  /** `Content-MD5` of all data, even for a range. Hexadecimal, unlike RFC 1864. */
  readonly md5: string | null
  /** Sent by proxies; Glance sends no ETag. */
  readonly etag: string | null
  /** Compressions in `Content-Encoding`, those of proxies included, in the order they were applied. `bytes` are not decompressed. */
  readonly codings: readonly string[]
}

/** `/v2/images/{id}/file` and `/stage`. */
export interface DataApi {
  /**
   * - Uploads data to a queued image. Any other image is `Conflict`, a missing or read-only store `Rejected`, too much data `QuotaExceeded`.
   * - The data are streamed once, and sent again only after a 401. A size that differs from the declared one is `IntegrityFailed`.
   * - After a failure, Glance sets the image back to queued, with a delay if the connection broke.
   */
  readonly upload: (imageId: string, upload: DataUpload, options?: CallOptions) => ImageResult<void>
  /** Like `upload`, but to Glance's staging area, for an import with glance-direct. `NotFound` if Glance has none. */
  readonly stage: (imageId: string, upload: DataUpload, options?: CallOptions) => ImageResult<void>
  /** The data of an image, or a range of it. `Conflict` if the image has no data. */
  readonly download: (imageId: string, range?: ByteRange | null, options?: CallOptions) => ImageResult<ImageData>
}

const NO_CONTENT = 204
const PARTIAL_CONTENT = 206

const toData =
  (imageId: string) =>
  ({ status, headers, bytes, close, site }: Streamed): E.Either<ImageError, ImageData> => {
    const range = status === PARTIAL_CONTENT ? parseContentRange(headers) : null
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
      length: parseContentLength(headers),
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
