import { toSafePath, toSafeName } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { observeBytes } from './observe-bytes.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import { findRequestId } from './headers.ts'
import type { HttpRequest, HttpResponse, Middleware } from './port.ts'
import { parseHttpUrl } from './target.ts'

/** Where the lines go. */
export interface DebugLogOptions {
  /** Takes a line, without its end. */
  readonly write: (line: string) => void
  readonly clock: () => number
}

/** Host and path only: the query may be a signature, and what stands before the host a password. */
const placeOf = ({ method, url }: HttpRequest): string => {
  const parsed = parseHttpUrl(url, '')
  return E.isLeft(parsed)
    ? `${method} (no address)`
    : `${method} ${parsed.right.origin}${toSafePath(parsed.right.pathname)}`
}

/** The kind of failure, and its code: nothing that came from elsewhere. */
const wordFor = (failure: HttpFailure): string => ('code' in failure ? `${failure._tag} ${failure.code}` : failure._tag)

const idOf = ({ headers }: HttpResponse): string => {
  const id = findRequestId(headers)
  return id === null ? '' : ` ${toSafeName(id)}`
}

/**
 * One line for each exchange: method, host and path, status or failure, time, size of the answer, the provider's name for it.
 * No header, no query, no body. A streamed answer has its line when it has ended.
 *
 * @example GET https://api.hetzner.cloud/v1/images 200 84 ms 18342 B 55d1e2b0
 */
export const debugLog =
  ({ write, clock }: DebugLogOptions): Middleware =>
  (next) =>
  (request) =>
  async () => {
    const start = clock()
    const line = (outcome: string, rest = ''): void =>
      write(toSafeName(`${placeOf(request)} ${outcome} ${Math.round(clock() - start)} ms${rest}`))
    const answer = await next(request)()
    if (E.isLeft(answer)) {
      line(wordFor(answer.left))
      return answer
    }
    const response = answer.right
    if (response.kind === 'text') {
      line(String(response.status), ` ${Buffer.byteLength(response.text)} B${idOf(response)}`)
      return answer
    }
    let size = 0
    let isWritten = false
    const ended = (how: string): void => {
      if (!isWritten) line(`${response.status}${how}`, ` ${size} B${idOf(response)}`)
      isWritten = true
    }
    return E.right({
      ...response,
      bytes: observeBytes(response.bytes, {
        onChunk: (chunk) => void (size += chunk.length),
        onEnd: () => ended(''),
        onClose: () => ended(', then closed'),
        mapError: (thrown) => {
          ended(thrown instanceof BrokenBody ? `, then ${wordFor(thrown.failure)}` : ', then failed')
          return thrown
        },
      }),
      close: () => {
        ended(', then closed')
        response.close()
      },
    })
  }
