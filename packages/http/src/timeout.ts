import { linkedSignal, type AbortSignalLike } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { aroundBytes } from './around-bytes.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import type { Middleware, RequestBody } from './port.ts'
import type { Timing } from './timing.ts'

/** Watches for silence. Only while someone waits for the server: it is not the server's fault if bytes are read or made slowly. */
interface Watch {
  readonly signal: AbortSignalLike
  readonly resume: () => void
  readonly hold: () => void
  readonly stop: () => void
  readonly isExpired: () => boolean
}

const startWatch = (limitMs: number, { clock, sleep }: Pick<Timing, 'clock' | 'sleep'>, parent: AbortSignalLike | undefined): Watch => {
  const { signal, abort, release } = linkedSignal(parent)
  const over = linkedSignal(undefined)
  let deadline: number | null = clock() + limitMs
  let isExpired = false
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const left = deadline === null ? limitMs : deadline - clock()
      if (left <= 0) {
        isExpired = true
        return abort()
      }
      // Chunks only move the deadline: one timer for all of them.
      await sleep(left, over.signal)
    }
  }
  void run()
  return {
    signal,
    resume: () => void (deadline = clock() + limitMs),
    hold: () => void (deadline = null),
    stop: () => {
      over.abort()
      release()
    },
    isExpired: () => isExpired,
  }
}

/** While a chunk of the body is made, the server is not waited for. */
const watchedBody = (body: RequestBody, { hold, resume }: Watch): RequestBody =>
  body.kind !== 'stream'
    ? body
    : {
        ...body,
        open: (range, signal) => async () => {
          hold()
          const opened = await body.open(range, signal)()
          resume()
          return E.isLeft(opened) ? opened : E.right(aroundBytes(opened.right, { asked: hold, got: resume, done: resume, stopped: resume }))
        },
      }

/**
 * Ends an exchange in which the server is silent for too long: `Timeout`.
 * - The answer, if it is text to its end, must have come within the time; a streamed body that is sent starts the time anew with each
 *   chunk, and so does each chunk of a streamed answer that is received.
 * - The caller's own signal keeps its meaning: `Aborted`.
 */
export const timeout =
  ({ timeoutMs, clock, sleep }: Pick<Timing, 'clock' | 'sleep'> & { readonly timeoutMs: number }): Middleware =>
  (next) =>
  (request) =>
  async () => {
    const limitMs = request.timeoutMs ?? timeoutMs
    const watch = startWatch(limitMs, { clock, sleep }, request.signal)
    const orTimeout = (failure: HttpFailure): HttpFailure => (failure._tag === 'Aborted' && watch.isExpired() ? { _tag: 'Timeout', timeoutMs: limitMs } : failure)
    const answer = await next({ ...request, signal: watch.signal, ...(request.body ? { body: watchedBody(request.body, watch) } : {}) })()
    if (E.isLeft(answer) || answer.right.kind === 'text') {
      watch.stop()
      return E.isLeft(answer) ? E.left(orTimeout(answer.left)) : answer
    }
    watch.hold()
    const { bytes, close } = answer.right
    return E.right({
      ...answer.right,
      bytes: aroundBytes(bytes, {
        asked: watch.resume,
        got: watch.hold,
        done: watch.stop,
        stopped: watch.stop,
        translated: (thrown) => (thrown instanceof BrokenBody ? new BrokenBody(orTimeout(thrown.failure)) : thrown),
      }),
      close: () => {
        watch.stop()
        close()
      },
    })
  }
