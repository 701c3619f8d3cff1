import type { HttpRequest } from './port.ts'

/** A pause before a request is sent. Times are in milliseconds. */
export interface Pause {
  readonly method: string
  readonly url: string
  readonly waitMs: number
  /** Why, in words: no text of a server. */
  readonly reason: string
  /** The try that follows, from 1, and how many there may be in all; `null`: the request was not refused, it waits for its turn. */
  readonly next: { readonly attempt: number; readonly of: number } | null
}

export type OnPause = (pause: Pause) => void

/** Who waits is told of what lasts this long, in milliseconds. */
export const REPORT_AFTER_MS = 10_000

/** What a server means by 429, or by a rate limit without one. */
export const SLOW_DOWN = 'the server asked to slow down (429)'

/** Reports a pause that is long enough to be noticed. */
export const reportPause = (
  onPause: OnPause | undefined,
  { method, url }: HttpRequest,
  pause: Pick<Pause, 'waitMs' | 'reason' | 'next'>,
): void => {
  if (pause.waitMs >= REPORT_AFTER_MS) onPause?.({ method, url, ...pause })
}
