import * as E from 'fp-ts/lib/Either.js'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { aroundBytes } from './around-bytes.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import type { HttpHeaders } from './headers.ts'
import type { StreamResponse } from './port.ts'

const ignored = (): void => undefined

/**
 * The readable text of a body. Only gzip is asked for, and undone here: axios would do it with an option that takes a truncated
 * gzip for a whole one.
 */
const decoded = (body: Readable, headers: HttpHeaders): E.Either<HttpFailure, Readable> => {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  switch (encoding) {
    case '':
    case 'identity':
      return E.right(body)
    case 'gzip':
    case 'x-gzip':
      return E.right(pipeline(body, createGunzip(), ignored))
    default:
      return E.left({ _tag: 'BadBody', what: 'the answer is compressed in a way that was not asked for' })
  }
}

/** How long the body is said to be, in bytes; `null`: not said. */
const lengthOf = (headers: HttpHeaders): number | null => {
  const text = headers.get('content-length')?.trim() ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** A connection that breaks while a body comes did carry an answer: how much of it, tells more than that it broke. */
const whileReading = (failure: HttpFailure, received: number, expected: number | null): HttpFailure => (failure._tag === 'Network' ? { ...failure, brokenOff: { received, expected } } : failure)

/** The text of a body, to its end, unless it is larger than `limit` bytes when unpacked. Bytes that are not UTF-8 become U+FFFD. */
export const readText = async (body: Readable, headers: HttpHeaders, limit: number, toFailure: (thrown: unknown) => HttpFailure): Promise<E.Either<HttpFailure, string>> => {
  const tooLarge: HttpFailure = { _tag: 'TooLarge', part: 'body', limit }
  const readable = decoded(body, headers)
  if (E.isLeft(readable) || Number(headers.get('content-length') ?? 0) > limit) {
    body.destroy()
    return E.isLeft(readable) ? readable : E.left(tooLarge)
  }
  const decoder = new TextDecoder()
  const parts: string[] = []
  let size = 0
  try {
    for await (const chunk of readable.right as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > limit) return E.left(tooLarge)
      parts.push(decoder.decode(chunk, { stream: true }))
    }
  } catch (thrown) {
    // The size of what was unpacked says nothing of how much came.
    return E.left(readable.right === body ? whileReading(toFailure(thrown), size, lengthOf(headers)) : toFailure(thrown))
  }
  parts.push(decoder.decode())
  return E.right(parts.join(''))
}

/** The bytes of a body as they are received; no more is read from the network than the consumer asks for, but for Node's buffers. `ended` is called once. */
export const streamOf = (body: Readable, headers: HttpHeaders, toFailure: (thrown: unknown) => HttpFailure, ended: () => void): Pick<StreamResponse, 'bytes' | 'close'> => {
  const close = (): void => {
    body.destroy()
  }
  body.once('close', ended)
  let received = 0
  const bytes = aroundBytes(body as AsyncIterable<Uint8Array>, {
    got: (chunk) => void (received += chunk.length),
    stopped: close,
    translated: (thrown) => new BrokenBody(whileReading(toFailure(thrown), received, lengthOf(headers))),
  })
  return { bytes, close }
}
