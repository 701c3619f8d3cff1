import * as E from 'fp-ts/lib/Either.js'
import type { Readable } from 'node:stream'
import { freeOnRelease } from './chunk-pool.ts'
import { observeBytes } from './observe-bytes.ts'
import { parseContentCodings, decodeCodings, UnsupportedCoding, type DecodedContent } from './content-coding.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import type { HttpHeaders } from './headers.ts'
import type { StreamResponse } from './port.ts'

/** The declared length of the body, in bytes; `null`: unknown. */
const parseLength = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Adds how much of the body had been received when the connection was closed. */
const addExtent = (failure: HttpFailure, received: number, expected: number | null): HttpFailure =>
  failure._tag === 'Network' ? { ...failure, truncated: { received, expected } } : failure

/**
 * Reads a body as text, up to `limit` bytes after decompression. Only gzip is requested, but other codings are decoded as well. Axios could decompress too, but
 * accepts truncated gzip. Bytes that are not UTF-8 become U+FFFD.
 */
export const readText = async (
  body: Readable,
  headers: HttpHeaders,
  limit: number,
  toFailure: (thrown: unknown) => HttpFailure,
): Promise<E.Either<HttpFailure, string>> => {
  const tooLarge: HttpFailure = { _tag: 'TooLarge', part: 'body', limit }
  if (Number(headers.get('content-length') ?? 0) > limit) {
    body.destroy()
    return E.left(tooLarge)
  }
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  let plain: DecodedContent = { bytes: body as AsyncIterable<Uint8Array>, decoded: [] }
  try {
    const codings = parseContentCodings(headers)
    if (codings.length > 0) plain = await decodeCodings(plain.bytes, codings)
    for await (const chunk of plain.bytes) {
      size += chunk.length
      if (size > limit) return E.left(tooLarge)
      parts.push(decoder.decode(chunk, { stream: true }))
    }
  } catch (thrown) {
    body.destroy()
    if (thrown instanceof UnsupportedCoding)
      return E.left({
        _tag: 'BadBody',
        what: `the response is compressed with ${thrown.coding}, which was not requested and has no decoder here`,
      })
    // The size after decompression is not the received size.
    return E.left(
      plain.decoded.length === 0 ? addExtent(toFailure(thrown), size, parseLength(headers)) : toFailure(thrown),
    )
  }
  parts.push(decoder.decode())
  return E.right(parts.join(''))
}

/** Streams a body. Apart from Node's buffers, it reads only what the consumer requests. `ended` is called once. */
export const createStream = (
  body: Readable,
  headers: HttpHeaders,
  toFailure: (thrown: unknown) => HttpFailure,
  ended: () => void,
): Pick<StreamResponse, 'bytes' | 'close'> => {
  const close = (): void => {
    body.destroy()
  }
  body.once('close', ended)
  let received = 0
  const bytes = observeBytes(body as AsyncIterable<Uint8Array>, {
    onChunk: (chunk) => {
      received += chunk.length
      freeOnRelease(chunk)
    },
    onClose: close,
    mapError: (thrown) => new BrokenBody(addExtent(toFailure(thrown), received, parseLength(headers))),
  })
  return { bytes, close }
}
