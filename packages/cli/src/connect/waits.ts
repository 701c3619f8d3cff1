import { toSafePath } from '@imago/core'
import type { Pause, StalledRequest } from '@imago/http'
import { maskSecrets } from '../output/mask.ts'
import { withMilliseconds } from '../output/milliseconds.ts'
import type { Output } from '../output/stream.ts'
import { visible } from '../output/visible.ts'

/** Reports what a command waits for. */
export interface WaitReporter {
  readonly onStall: (stall: StalledRequest) => void
  readonly onPause: (pause: Pause) => void
}

export interface WaitReporterOptions {
  readonly messages: Output
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  /** `lines`: text; `json`: an object on each line, among the events of `--progress json`. */
  readonly form: 'lines' | 'json'
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

const formatOrigin = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '')

/** Host and path only, because the query may be a signature. */
const formatUrl = (url: string): string | null =>
  URL.canParse(url) ? `${formatOrigin(url)}${toSafePath(new URL(url).pathname)}` : null

const requestText = ({ method, url }: Pick<Pause, 'method' | 'url'>): string => {
  const address = formatUrl(url)
  return address === null ? method : `${method} ${address}`
}

/** The line of a stalled request: the request, and the time left. */
export const stallLine = (stall: StalledRequest): string =>
  `imago: waiting for ${requestText(stall)}: no complete response for ${seconds(stall.stalledMs)}; this attempt ends in ${seconds(stall.remainingMs)}`

/** The line of a pause: its length, its reason, and the next attempt. `now`: milliseconds since the epoch. */
export const pauseLine = (pause: Pause, now: number): string => {
  const { waitMs, reason, next } = pause
  const at = new Date(now + waitMs).toISOString().slice(11, 19)
  return `imago: waiting ${seconds(waitMs)}: ${reason}; ${requestText(pause)} is sent${next === null ? '' : ' again'} at ${at} UTC${next === null ? '' : ` (attempt ${next.attempt} of ${next.of})`}`
}

/** Creates a reporter. Waits for the same server and reason are reported again only if they last longer. */
export const createWaitReporter = ({ messages, clock, form }: WaitReporterOptions): WaitReporter => {
  const until = new Map<string, number>()
  const line = (text: string): void => {
    messages.write(`${visible(maskSecrets(text))}\n`)
    void messages.end()
  }
  const event = (
    name: string,
    { method, url }: Pick<Pause, 'method' | 'url'>,
    facts: Readonly<Record<string, unknown>>,
  ): void => {
    messages.write(
      `${maskSecrets(JSON.stringify({ event: name, at: withMilliseconds(new Date(clock()).toISOString()), method, url: formatUrl(url), ...facts }))}\n`,
    )
    void messages.end()
  }
  return {
    onStall: (stall) =>
      form === 'json'
        ? event('stall', stall, { stalledMs: stall.stalledMs, remainingMs: stall.remainingMs })
        : line(stallLine(stall)),
    onPause: (pause) => {
      const { url, reason, waitMs, next } = pause
      const now = clock()
      const key = JSON.stringify([formatOrigin(url), reason])
      const end = Math.round((now + waitMs) / 1000)
      if (end <= (until.get(key) ?? 0)) return
      until.set(key, end)
      if (form === 'json')
        event('waiting', pause, {
          waitMs: Math.round(waitMs),
          reason,
          attempt: next?.attempt ?? null,
          of: next?.of ?? null,
        })
      else line(pauseLine(pause, now))
    },
  }
}
