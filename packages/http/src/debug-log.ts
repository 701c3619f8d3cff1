import { toSafePath, toSafeName } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { observeBytes } from './observe-bytes.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import { findRequestId } from './headers.ts'
import type { HttpRequest, HttpResponse, Middleware } from './port.ts'
import { parseHttpUrl } from './target.ts'

/** Options of `debugLog`. */
export interface DebugLogOptions {
  /** Receives a line, without a line break. */
  readonly write: (line: string) => void
  readonly clock: () => number
}

/** Method, host and path only: query and user info may contain secrets. */
const formatTarget = ({ method, url }: HttpRequest): string => {
  const parsed = parseHttpUrl(url, '')
  return E.isLeft(parsed)
    ? `${method} (invalid URL)`
    : `${method} ${parsed.right.origin}${toSafePath(parsed.right.pathname)}`
}

/** Kind and code of a failure, without text from the server. */
const formatFailure = (failure: HttpFailure): string =>
  'code' in failure ? `${failure._tag} ${failure.code}` : failure._tag

const formatId = ({ headers }: HttpResponse): string => {
  const id = findRequestId(headers)
  return id === null ? '' : ` ${toSafeName(id)}`
}

/**
 * Writes a line for each exchange: method, host and path, status or failure, duration, size of the response, request ID.
 * No headers, query or body. The line of a streamed response is written when it ends.
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
      write(toSafeName(`${formatTarget(request)} ${outcome} ${Math.round(clock() - start)} ms${rest}`))
    const result = await next(request)()
    if (E.isLeft(result)) {
      line(formatFailure(result.left))
      return result
    }
    const response = result.right
    if (response.kind === 'text') {
      line(String(response.status), ` ${Buffer.byteLength(response.text)} B${formatId(response)}`)
      return result
    }
    let size = 0
    let isWritten = false
    const ended = (how: string): void => {
      if (!isWritten) line(`${response.status}${how}`, ` ${size} B${formatId(response)}`)
      isWritten = true
    }
    return E.right({
      ...response,
      bytes: observeBytes(response.bytes, {
        onChunk: (chunk) => void (size += chunk.length),
        onEnd: () => ended(''),
        onClose: () => ended(', then closed'),
        mapError: (thrown) => {
          ended(thrown instanceof BrokenBody ? `, then ${formatFailure(thrown.failure)}` : ', then failed')
          return thrown
        },
      }),
      close: () => {
        ended(', then closed')
        response.close()
      },
    })
  }
