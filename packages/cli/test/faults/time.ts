import { ABORTED, raceAbort } from '@imago/core'
import type { Timing } from '@imago/http'
import { setTimeout as really } from 'node:timers/promises'

/** The default of `timeout`: the time without a response after which a request fails. */
const SILENCE_MS = 60_000

/** A clock that only sleeping advances, immediately. */
export interface JumpingTime {
  readonly timing: Timing
  /** The pauses before retries, in milliseconds. */
  readonly waits: readonly number[]
  readonly advance: (ms: number) => void
}

export interface JumpingTimeOptions {
  readonly start?: number
  /** The real time of the response timeout, in milliseconds. Default: no timeout. */
  readonly silenceMs?: number
}

/** The timeout is split into parts, between which the event loop runs: a machine that stalls once must not look like a silent server. */
const PARTS = 10

const silence = async (ms: number, signal: AbortSignal): Promise<void> => {
  for (let part = 0; part < PARTS && !signal.aborted; part++)
    await really(ms / PARTS, undefined, { signal, ref: false }).catch(() => undefined)
}

export const jumpingTime = ({
  start = Date.parse('2026-11-22T12:00:00Z'),
  silenceMs,
}: JumpingTimeOptions = {}): JumpingTime => {
  let now = start
  const waits: number[] = []
  const advance = (ms: number): void => void (now += ms)
  return {
    waits,
    advance,
    timing: {
      clock: () => now,
      random: () => 0.5,
      sleep: async (ms, signal) => {
        if (ms !== SILENCE_MS) {
          waits.push(ms)
          advance(ms)
          // Let the event loop run, so that other requests are sent.
          return new Promise((resolve) => setImmediate(resolve))
        }
        const over = new AbortController()
        if (
          (await raceAbort(
            silenceMs === undefined ? new Promise<never>(() => undefined) : silence(silenceMs, over.signal),
            signal,
          )) !== ABORTED
        )
          advance(ms)
        over.abort()
      },
    },
  }
}
