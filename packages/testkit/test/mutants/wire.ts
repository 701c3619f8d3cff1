import {
  forbidden,
  raceAbort,
  ABORTED,
  decodeFailed,
  rejected,
  unauthorized,
  unavailable,
  type ImageError,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { setTimeout } from 'node:timers/promises'
import { onAnswers, onErrors, onMethods, onPages, overriding, findSignal, withoutSignal, type Mutant } from './wrap.ts'

const thrown = (error: ImageError): never => {
  throw new Error(error.what)
}

/** Sources that react wrongly to refusals, server failures and abort signals. */
export const WIRE_MUTANTS: readonly Mutant[] = [
  { does: 'throws when the server fails', breaks: 'result', wrap: onErrors('Unavailable', thrown) },
  {
    does: 'rejects when the connection breaks',
    breaks: 'result',
    wrap: onAnswers(
      (answer) => async () =>
        answer().then((result) =>
          E.isLeft(result) && result.left._tag === 'Unavailable' ? Promise.reject(new Error('broken')) : result,
        ),
    ),
  },
  {
    does: 'sends a request before it is run',
    breaks: 'result',
    wrap: onMethods((method) => (...args) => {
      const asked = method(...args)()
      return () => asked
    }),
  },
  {
    does: 'caches its first result',
    breaks: 'result',
    wrap: onMethods((method) => (...args) => {
      let asked: ReturnType<ReturnType<typeof method>> | null = null
      return () => (asked ??= method(...args)())
    }),
  },
  {
    does: 'names the request instead of the method',
    breaks: 'error-site',
    wrap: onAnswers(
      (answer) => async () => E.mapLeft((error: ImageError) => ({ ...error, operation: 'request' }))(await answer()),
    ),
  },
  {
    does: 'ignores an abort during a request',
    breaks: 'abort',
    wrap: onMethods(
      (method) =>
        (...args) =>
          findSignal(args)?.aborted === true ? method(...args) : method(...withoutSignal(args)),
    ),
  },
  {
    does: 'sends a request despite an aborted signal',
    breaks: 'abort',
    wrap: overriding((source) => ({
      get:
        (id, options = {}) =>
        async () => {
          if (options.signal?.aborted === true) await source.get(id)()
          return source.get(id, options)()
        },
    })),
  },
  {
    does: 'returns Unavailable for an abort',
    breaks: 'abort',
    wrap: onErrors('Aborted', (error) => unavailable(error, error)),
  },
  {
    does: 'returns Unavailable for 401',
    breaks: 'credentials',
    wrap: onErrors('Unauthorized', (error) => unavailable(error, error)),
  },
  {
    does: 'returns Forbidden for 401',
    breaks: 'credentials',
    wrap: onErrors('Unauthorized', (error) => forbidden(error, { ...error, reason: 'token' })),
  },
  {
    does: 'returns Unauthorized for 403',
    breaks: 'credentials',
    wrap: onErrors('Forbidden', (error) => unauthorized(error, error)),
  },
  {
    does: 'returns Forbidden for a missing resource',
    breaks: 'not-found',
    wrap: onErrors('NotFound', (error) => forbidden(error, { ...error, reason: 'gone' })),
  },
  {
    does: 'returns Rejected for a missing resource',
    breaks: 'not-found',
    wrap: onErrors('NotFound', (error) => rejected(error, error)),
  },
  {
    does: 'returns Rejected for 429',
    breaks: 'rate-limit',
    wrap: onErrors('RateLimited', (error) => rejected(error, error)),
  },
  {
    does: 'returns Unavailable for 429',
    breaks: 'rate-limit',
    wrap: onErrors('RateLimited', (error) => unavailable(error, error)),
  },
  {
    does: 'omits the time to wait',
    breaks: 'rate-limit',
    wrap: onErrors('RateLimited', (error) => ({ ...error, retryAfterMs: null }) as ImageError),
  },
  {
    does: 'returns seconds instead of milliseconds',
    breaks: 'rate-limit',
    wrap: onErrors(
      'RateLimited',
      (error) =>
        ({
          ...error,
          retryAfterMs: error._tag === 'RateLimited' && error.retryAfterMs !== null ? error.retryAfterMs / 1000 : null,
        }) as ImageError,
    ),
  },
  {
    does: 'returns Rejected for a server error',
    breaks: 'unavailable',
    wrap: onErrors('Unavailable', (error) => rejected(error, error)),
  },
  {
    does: 'returns DecodeFailed for a broken connection',
    breaks: 'unavailable',
    wrap: onErrors('Unavailable', (error) => decodeFailed(error, { ...error, issues: [] })),
  },
  {
    does: 'returns an empty list on a server error',
    breaks: 'unavailable',
    wrap: overriding((source) => ({
      listPage:
        (...args) =>
        async () => {
          const result = await source.listPage(...args)()
          return E.isLeft(result) && result.left._tag === 'Unavailable'
            ? E.right({ items: [], rejected: [], drift: [], next: null })
            : result
        },
    })),
  },
  {
    does: 'returns Unavailable for an unreadable response',
    breaks: 'unreadable',
    wrap: onErrors('DecodeFailed', (error) => unavailable(error, error)),
  },
  {
    does: 'fails on a slow response',
    breaks: 'slow',
    wrap: overriding((source) => ({
      get: (id, options) => async () => {
        const late = new AbortController()
        const result = await raceAbort(
          source.get(id, options)(),
          AbortSignal.any([late.signal, AbortSignal.timeout(20)]),
        )
        return result === ABORTED
          ? E.left(unavailable({ ...source.cloud, operation: 'get', request: null }, { what: 'no answer' }))
          : result
      },
    })),
  },
  { does: 'drops rejected', breaks: 'rejected-and-drift', wrap: onPages((page) => ({ ...page, rejected: [] })) },
  {
    does: 'returns no reason for a rejected record',
    breaks: 'rejected-and-drift',
    wrap: onPages((page) => ({ ...page, rejected: page.rejected.map((one) => ({ ...one, issues: [] })) })),
  },
  { does: 'drops drift', breaks: 'rejected-and-drift', wrap: onPages((page) => ({ ...page, drift: [] })) },
  {
    does: 'drops a page because of one record',
    breaks: 'whole-page',
    wrap: onPages((page) => (page.rejected.length > 0 ? { ...page, items: [] } : page)),
  },
  {
    does: 'fails because of one record',
    breaks: 'whole-page',
    wrap: overriding((source) => ({
      listPage:
        (...args) =>
        async () => {
          const result = await source.listPage(...args)()
          return E.isRight(result) && result.right.rejected.length > 0
            ? E.left(
                decodeFailed(
                  { ...source.cloud, operation: 'listPage', request: null },
                  { what: 'a record has no id', issues: [] },
                ),
              )
            : result
        },
    })),
  },
  {
    does: 'reads all bytes before they are opened',
    breaks: 'download',
    wrap: overriding((source) => ({
      download: (id, options) => async () => {
        const bytes = await source.download(id, options)()
        if (E.isLeft(bytes)) return bytes
        const opened = await bytes.right.open()()
        if (E.isLeft(opened)) return opened
        const chunks: Uint8Array[] = []
        for await (const chunk of opened.right) chunks.push(chunk)
        const all = Buffer.concat(chunks)
        return E.right({
          size: all.length,
          open:
            ({ start, end } = { start: 0, end: null }) =>
            async () =>
              start > all.length
                ? E.left(rejected({ ...source.cloud, operation: 'download', request: null }, { what: 'no such bytes' }))
                : E.right(
                    (async function* () {
                      yield all.subarray(start, end ?? undefined)
                    })(),
                  ),
        })
      },
    })),
  },
  {
    does: 'checks its signal late',
    breaks: 'abort',
    wrap: onMethods((method) => (...args) => async () => {
      const isLate = findSignal(args)?.aborted === true
      const result = await method(...args)()
      if (E.isLeft(result) && result.left._tag === 'Aborted' && !isLate) await setTimeout(1000)
      return result
    }),
  },
]
