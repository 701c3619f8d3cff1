import { ABORTED, raceAbort } from '@imago/core'
import type { Timing } from '@imago/http'
import { setTimeout as really } from 'node:timers/promises'

/** What the server may be silent for, unless somebody says otherwise: the time of `timeout`. */
const SILENCE_MS = 60_000

/** A clock that only waiting moves: whoever waits has waited at once. */
export interface JumpingTime {
  readonly timing: Timing
  /** How long imago waited before it asked again, each time, in milliseconds. */
  readonly waits: readonly number[]
  readonly advance: (ms: number) => void
}

export interface JumpingTimeOptions {
  readonly start?: number
  /** How long a minute of the server's silence really lasts, in milliseconds. Left out: it is never over. */
  readonly silenceMs?: number
}

/** In so many parts, between which the event loop turns: a machine that stood still in one of them is not a server that is silent. */
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
          // A turn of the event loop, so that what is asked meanwhile is asked.
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
