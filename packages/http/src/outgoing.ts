import { ABORTED, ImageException, raceAbort, type AbortSignalLike, type ImageError } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { Readable } from 'node:stream'
import { observeBytes } from './observe-bytes.ts'
import type { HttpFailure } from './failure.ts'
import type { RequestBody, StreamBody } from './port.ts'

/** A request body as Node sends it. */
export interface Outgoing {
  readonly data: Buffer | Readable | undefined
  readonly headers: Readonly<Record<string, string>>
  /** The failure of reading the body; `null`: none. */
  readonly failure: () => HttpFailure | null
  /** Whether bytes remain to be sent. */
  readonly isUnderWay: () => boolean
  /** Stops reading, and closes the source. */
  readonly stop: () => void
}

const ignored = (): void => undefined

const createBuffered = (data: Buffer | undefined, headers: Readonly<Record<string, string>>): Outgoing => ({
  data,
  headers,
  failure: () => null,
  isUnderWay: () => false,
  stop: ignored,
})

/** The failure of a source: `Aborted` if it was stopped. */
const toSourceFailure = (error: ImageError | null, signal: AbortSignalLike): HttpFailure =>
  signal.aborted ? { _tag: 'Aborted' } : { _tag: 'SourceFailed', error }

const createStreamed = ({ size }: StreamBody, bytes: AsyncIterable<Uint8Array>, signal: AbortSignalLike): Outgoing => {
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
      failure ??= toSourceFailure(ImageException.is(thrown) ? thrown.error : null, signal)
      return new Error('the source failed')
    },
  })
  // Without a buffer of its own, it reads a chunk when the previous one is sent. A buffer would join chunks, which copies them.
  const data = Readable.from(counted, { objectMode: false, highWaterMark: 0 })
  return {
    data,
    headers: {
      'content-type': 'application/octet-stream',
      ...(size === null ? {} : { 'content-length': String(size) }),
    },
    failure: () => failure,
    // With a known size, the server may respond before the source reports its end.
    isUnderWay: () => !isDone && sent !== size,
    stop: () => void data.destroy(),
  }
}

const toJsonBytes = (value: unknown): Buffer | null => {
  try {
    // `stringify` returns undefined for undefined and functions, contrary to its type.
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? null : Buffer.from(text)
  } catch {
    return null
  }
}

/** Converts a request body to what Node sends. Opens a stream. */
export const toOutgoing = async (
  body: RequestBody | null,
  signal: AbortSignalLike,
): Promise<E.Either<HttpFailure, Outgoing>> => {
  switch (body?.kind) {
    case undefined:
      return E.right(createBuffered(undefined, {}))
    case 'json': {
      const bytes = toJsonBytes(body.value)
      return bytes === null
        ? E.left({
            _tag: 'InvalidRequest',
            what: 'the request body cannot be converted to JSON',
            hint: 'Correct the body of the request',
          })
        : E.right(createBuffered(bytes, { 'content-type': 'application/json' }))
    }
    case 'bytes':
      return E.right(
        createBuffered(Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength), {
          'content-type': 'application/octet-stream',
        }),
      )
    case 'stream': {
      const opening = body.open(undefined, signal)()
      const opened = await raceAbort(opening, signal)
      if (opened === ABORTED) {
        // Close it once it is open: it may be a file or a connection.
        void opening
          .then((late) => (E.isRight(late) ? late.right[Symbol.asyncIterator]().return?.() : undefined))
          .catch(ignored)
        return E.left({ _tag: 'Aborted' })
      }
      return E.isLeft(opened)
        ? E.left(toSourceFailure(opened.left, signal))
        : E.right(createStreamed(body, opened.right, signal))
    }
  }
}
