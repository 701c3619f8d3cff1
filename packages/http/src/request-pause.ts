import type { HttpRequest } from './port.ts'

/** A wait before a request is sent. Times are in milliseconds. */
export interface Pause {
  readonly method: string
  readonly url: string
  readonly waitMs: number
  /** In words, without text from a server. */
  readonly reason: string
  /** The next attempt, from 1, and the most attempts; `null`: the request waits for the rate limit. */
  readonly next: { readonly attempt: number; readonly of: number } | null
}

/** Called when a wait of at least `REPORT_AFTER_MS` starts. */
export type OnPause = (pause: Pause) => void

/** Waits of this many milliseconds are reported. */
export const REPORT_AFTER_MS = 10_000

/** The reason of a 429. */
export const RATE_LIMITED = 'rate limit reached (429)'

/** Reports a long wait. */
export const reportPause = (
  onPause: OnPause | undefined,
  { method, url }: HttpRequest,
  pause: Pick<Pause, 'waitMs' | 'reason' | 'next'>,
): void => {
  if (pause.waitMs >= REPORT_AFTER_MS) onPause?.({ method, url, ...pause })
}
