import { conflict, decodeFailed, type ImageResult, type ByteRange, type ImageError } from '@imago/core/provider'
import { observeBytes, parseContentCodings } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { downloadRequest, stageRequest, uploadRequest, type Sending } from '../requests/data.ts'
import { parseLength, readContentRange, type ContentRange } from '../bytes/content-range.ts'
import type { Caller, CallOptions, Streamed } from './call.ts'

/** Data as Glance sends them, with what it says of them; nothing of it is checked. Read them, or `close` them. */
export interface ImageData extends Pick<Streamed, 'bytes' | 'close' | 'site'> {
  /** Of an answer 206. Not every store keeps to it. `null`: the answer says that these are all data. */
  readonly range: ContentRange | null
  /** `Content-Length`. `null`: not said, as where Glance fills its cache. */
  readonly length: number | null
  /** `Content-MD5`, of all data also where only a range is sent: in hexadecimal digits, unlike RFC 1864 has it. */
  readonly md5: string | null
  /** A proxy's. Glance sends none. */
  readonly etag: string | null
  /** Compressions that `Content-Encoding` names, in the order they were applied: a proxy's, too. `bytes` are not unpacked. */
  readonly codings: readonly string[]
}

/** `/v2/images/{id}/file` and `/stage`. */
export interface DataApi {
  /**
   * - Sends data into a queued image. Any other gives `Conflict`, a store that does not exist or cannot be written to `Rejected`, too many data `QuotaExceeded`.
   * - As they are read, and never twice, but for where a 401 has refused them. If they are said to have a size, another one gives `IntegrityFailed`.
   * - After a failure Glance makes the image queued again, some time later if the connection broke.
   */
  readonly upload: (imageId: string, sending: Sending, options?: CallOptions) => ImageResult<void>
  /** - As `upload`, into Glance's own room, where an import by glance-direct finds them. `NotFound` where there is no such room. */
  readonly stage: (imageId: string, sending: Sending, options?: CallOptions) => ImageResult<void>
  /** - The data of an image, or a range of them. `Conflict`: it has none. */
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
              hint: 'Put data into it first, or wait until they are there',
            })
          : decodeFailed(site, { what: 'the answer holds a part of the data, and does not say which', issues: [] }),
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
  upload: (imageId, sending, options) => caller.done(uploadRequest(imageId, sending), options),
  stage: (imageId, sending, options) => caller.done(stageRequest(imageId, sending), options),
  download: (imageId, range = null, options = {}) =>
    pipe(caller.streamed(downloadRequest(imageId, range), options), TE.flatMapEither(toData(imageId))),
})
