import { pathOf } from '@imago/core'
import type { Silence } from '@imago/http'
import type { Output } from '../output/stream.ts'

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** Host and path only: the query may be a signature. */
const placeOf = ({ method, url }: Silence): string => {
  try {
    const { origin, pathname } = new URL(url)
    return `${method} ${origin}${pathOf(pathname)}`
  } catch {
    return method
  }
}

/** One line for each silence: what is waited for, and for how long yet. */
export const silenceLine = (silence: Silence): string => `imago: waiting for ${placeOf(silence)}: no complete answer for ${seconds(silence.silentMs)}; this try ends in ${seconds(silence.leftMs)}\n`

export const silenceLines =
  (talk: Output): ((silence: Silence) => void) =>
  (silence) => {
    talk.write(silenceLine(silence))
    void talk.end()
  }
