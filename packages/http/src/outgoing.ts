import { ABORTED, ImageException, raceAbort, type AbortSignalLike, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { Readable } from 'node:stream'
import { observeBytes } from './observe-bytes.ts'
import type { HttpFailure } from './failure.ts'
import type { RequestBody, StreamBody } from './port.ts'

/** A body on its way out. */
export interface Outgoing {
  readonly data: Buffer | Readable | undefined
  readonly headers: Readonly<Record<string, string>>
  /** What went wrong on this side while it was read. */
  readonly failure: () => HttpFailure | null
  /** Whether bytes are still to be sent. */
  readonly isUnderWay: () => boolean
  /** Reads no more, and closes the source. */
  readonly stop: () => void
}

const ignored = (): void => undefined

const atOnce = (data: Buffer | undefined, headers: Readonly<Record<string, string>>): Outgoing => ({
  data,
  headers,
  failure: () => null,
  isUnderWay: () => false,
  stop: ignored,
})

/** Whether a source failed only because it was told to stop. */
const sourceFailure = (error: ImageError | null, signal: AbortSignalLike): HttpFailure =>
  signal.aborted ? { _tag: 'Aborted' } : { _tag: 'SourceFailed', error }

const streamed = ({ size }: StreamBody, bytes: AsyncIterable<Uint8Array>, signal: AbortSignalLike): Outgoing => {
  let failure: HttpFailure | null = null
  let sent = 0
  let isDone = false
  const checkSize = (isWrong: boolean): void => {
    if (size === null || !isWrong) return
    failure = { _tag: 'WrongSize', expected: size, actual: sent }
    throw new Error('wrong size')
  }
  const counted = observeBytes(bytes, {
    onChunk: (chunk) => {
      sent += chunk.length
      checkSize(sent > (size ?? sent))
    },
    onEnd: () => {
      checkSize(sent < (size ?? sent))
      isDone = true
    },
    mapError: (thrown) => {
      failure ??= sourceFailure(ImageException.is(thrown) ? thrown.error : null, signal)
      return new Error('the source failed')
    },
  })
  const data = Readable.from(counted, { objectMode: false })
  return {
    data,
    headers: {
      'content-type': 'application/octet-stream',
      ...(size === null ? {} : { 'content-length': String(size) }),
    },
    failure: () => failure,
    // With a known size the server may answer before the source has said that it is at its end.
    isUnderWay: () => !isDone && sent !== size,
    stop: () => void data.destroy(),
  }
}

const jsonBytes = (value: unknown): Buffer | null => {
  try {
    // `undefined` and functions have no JSON: `stringify` gives undefined for them, whatever its type says.
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? null : Buffer.from(text)
  } catch {
    return null
  }
}

/** The body of a request as Node sends it. A stream is opened. */
export const toOutgoing = async (
  body: RequestBody | null,
  signal: AbortSignalLike,
): Promise<E.Either<HttpFailure, Outgoing>> => {
  switch (body?.kind) {
    case undefined:
      return E.right(atOnce(undefined, {}))
    case 'json': {
      const bytes = jsonBytes(body.value)
      return bytes === null
        ? E.left({ _tag: 'InvalidRequest', what: 'what was to be sent has no JSON' })
        : E.right(atOnce(bytes, { 'content-type': 'application/json' }))
    }
    case 'bytes':
      return E.right(
        atOnce(Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength), {
          'content-type': 'application/octet-stream',
        }),
      )
    case 'stream': {
      const opening = body.open(undefined, signal)()
      const opened = await raceAbort(opening, signal)
      if (opened === ABORTED) {
        // It may hold a file or a connection by the time that it is open.
        void opening
          .then((late) => (E.isRight(late) ? late.right[Symbol.asyncIterator]().return?.() : undefined))
          .catch(ignored)
        return E.left({ _tag: 'Aborted' })
      }
      return E.isLeft(opened)
        ? E.left(sourceFailure(opened.left, signal))
        : E.right(streamed(body, opened.right, signal))
    }
  }
}
