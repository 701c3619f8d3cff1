import { linkSignals, type AbortSignalLike } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { observeBytes } from './observe-bytes.ts'
import type { ExchangeStage } from './exchange-stage.ts'
import { BrokenBody, type HttpFailure } from './failure.ts'
import type { Middleware, RequestBody } from './port.ts'
import type { Timing } from './timing.ts'
import { REPORT_AFTER_MS } from './request-pause.ts'

/** Measures how long the server does not respond. Paused while bytes are produced or consumed on this side. */
interface Watch {
  readonly signal: AbortSignalLike
  readonly resume: () => void
  readonly pause: () => void
  readonly stop: () => void
  /** The limit that expired, in milliseconds; `null`: none. */
  readonly expiredAfter: () => number | null
  /** Changes the limit. */
  readonly setLimit: (limitMs: number) => void
}

/** A request whose server does not respond. Times are in milliseconds. */
export interface StalledRequest {
  readonly method: string
  readonly url: string
  /** Time without a response. */
  readonly stalledMs: number
  /** Time until the attempt ends. */
  readonly remainingMs: number
}

const startWatch = (
  givenMs: number,
  { clock, sleep }: Pick<Timing, 'clock' | 'sleep'>,
  parent: AbortSignalLike | undefined,
  onStall: ((silentMs: number, leftMs: number) => void) | undefined,
): Watch => {
  let limitMs = givenMs
  const { signal, abort, release } = linkSignals(parent)
  const over = linkSignals(undefined)
  let since: number | null = clock()
  let expiredAfter: number | null = null
  // Reported again each time the wait has doubled.
  let nextReportMs = REPORT_AFTER_MS
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const silent = since === null ? 0 : clock() - since
      const left = limitMs - silent
      if (left <= 0) {
        expiredAfter = limitMs
        return abort()
      }
      if (onStall !== undefined && silent >= nextReportMs) {
        onStall(silent, left)
        nextReportMs *= 2
      }
      // Chunks only move the deadline, so one timer suffices.
      await sleep(onStall === undefined ? left : Math.min(left, Math.max(1, nextReportMs - silent)), over.signal)
    }
  }
  void run()
  return {
    signal,
    resume: () => {
      since = clock()
      nextReportMs = REPORT_AFTER_MS
    },
    pause: () => void (since = null),
    setLimit: (ms) => void (limitMs = ms),
    stop: () => {
      over.abort()
      release()
    },
    expiredAfter: () => expiredAfter,
  }
}

/** Pauses the watch while a chunk of the body is produced. */
const watchBody = (
  body: RequestBody,
  { pause, resume, setLimit }: Watch,
  limits: { readonly sending: number; readonly response: number },
): RequestBody =>
  body.kind !== 'stream'
    ? body
    : {
        ...body,
        open: (range, signal) => async () => {
          pause()
          setLimit(limits.sending)
          let sent = 0
          const ended = (): void => {
            setLimit(limits.response)
            resume()
          }
          const got = (chunk: Uint8Array): void => {
            sent += chunk.length
            // With a known size, the end of the source may never be read.
            if (sent === body.size) ended()
            else resume()
          }
          const opened = await body.open(range, signal)()
          resume()
          return E.isLeft(opened)
            ? opened
            : E.right(observeBytes(opened.right, { onPull: pause, onChunk: got, onEnd: ended, onClose: resume }))
        },
      }

const findOrigin = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).origin : undefined)

/**
 * Ends an exchange with `Timeout` if the server does not respond in time.
 * - A text response must end within the limit. Each chunk of a streamed body or response restarts it.
 * - The caller's signal still means `Aborted`.
 */
export const timeout =
  ({
    timeoutMs,
    onStall,
    clock,
    sleep,
  }: Pick<Timing, 'clock' | 'sleep'> & {
    readonly timeoutMs: number
    readonly onStall?: ((silence: StalledRequest) => void) | undefined
  }): Middleware =>
  (next) =>
  (request) =>
  async () => {
    const limitMs = request.timeoutMs ?? timeoutMs
    const { method, url } = request
    const watch = startWatch(
      limitMs,
      { clock, sleep },
      request.signal,
      onStall === undefined
        ? undefined
        : (silentMs, leftMs) => onStall({ method, url, stalledMs: silentMs, remainingMs: leftMs }),
    )
    let stage: ExchangeStage | null = null
    const orTimeout = (failure: HttpFailure): HttpFailure => {
      const expiredAfter = watch.expiredAfter()
      return failure._tag === 'Aborted' && expiredAfter !== null
        ? { _tag: 'Timeout', timeoutMs: expiredAfter, ...(stage === null ? {} : { stage, origin: findOrigin(url) }) }
        : failure
    }
    const onStage = (reached: ExchangeStage): void => void (stage = reached)
    const result = await next({
      ...request,
      signal: watch.signal,
      onStage,
      ...(request.body
        ? {
            body: watchBody(request.body, watch, {
              sending: limitMs,
              response: Math.max(limitMs, request.responseTimeoutMs ?? 0),
            }),
          }
        : {}),
    })()
    if (E.isLeft(result) || result.right.kind === 'text') {
      watch.stop()
      return E.isLeft(result) ? E.left(orTimeout(result.left)) : result
    }
    watch.pause()
    if (stage !== null) stage = 'bytes'
    const { bytes, close } = result.right
    return E.right({
      ...result.right,
      bytes: observeBytes(bytes, {
        onPull: watch.resume,
        onChunk: watch.pause,
        onEnd: watch.stop,
        onClose: watch.stop,
        mapError: (thrown) => (thrown instanceof BrokenBody ? new BrokenBody(orTimeout(thrown.failure)) : thrown),
      }),
      close: () => {
        watch.stop()
        close()
      },
    })
  }
