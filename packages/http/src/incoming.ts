import * as E from 'fp-ts/lib/Either.js'
import type { Readable } from 'node:stream'
import { observeBytes } from './observe-bytes.ts'
import { parseContentCodings, decodeCodings, UnsupportedCoding, type DecodedContent } from './content-coding.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import type { HttpHeaders } from './headers.ts'
import type { StreamResponse } from './port.ts'

/** How long the body is said to be, in bytes; `null`: not said. */
const lengthOf = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** A connection that breaks while a body comes did carry an answer: how much of it, tells more than that it broke. */
const whileReading = (failure: HttpFailure, received: number, expected: number | null): HttpFailure =>
  failure._tag === 'Network' ? { ...failure, truncated: { received, expected } } : failure

/**
 * The text of a body, to its end, unless it is larger than `limit` bytes when unpacked. Only gzip is asked for; any other usual coding is undone as well, and one that
 * the headers name and the bytes do not have is passed over. Axios could unpack it too, but takes a truncated gzip for a whole one. Bytes that are not UTF-8 become U+FFFD.
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
        what: `the answer is compressed by ${thrown.coding}, which was not asked for and cannot be undone here`,
      })
    // The size of what was unpacked says nothing of how much came.
    return E.left(
      plain.decoded.length === 0 ? whileReading(toFailure(thrown), size, lengthOf(headers)) : toFailure(thrown),
    )
  }
  parts.push(decoder.decode())
  return E.right(parts.join(''))
}

/** The bytes of a body as they are received; no more is read from the network than the consumer asks for, but for Node's buffers. `ended` is called once. */
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
    onChunk: (chunk) => void (received += chunk.length),
    onClose: close,
    mapError: (thrown) => new BrokenBody(whileReading(toFailure(thrown), received, lengthOf(headers))),
  })
  return { bytes, close }
}
