import { perform, rejected, siteOf, unavailable, type Answer, type Image, type ImageSource, type Operation } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { visible } from '../output/visible.ts'
import { durationOption } from './arguments.ts'

/** The options of every command that waits. */
export interface WaitOptions {
  /** As `10m`. */
  readonly timeout: string
  /** As `2s`. */
  readonly interval: string
}

export interface Waiting {
  readonly intervalMs: number
  readonly deadlineMs: number
}

export const waitingOf = ({ timeout, interval }: WaitOptions): Waiting => ({ intervalMs: durationOption('--interval', interval), deadlineMs: durationOption('--timeout', timeout) })

const percentOf = ({ progress }: Operation): string => (progress === null ? '' : ` ${Math.round(progress * 100)} %`)

/** Tells each new step of an operation, on a line of its own: a log keeps it. */
export const progressLines = (live: Pick<LiveContext, 'talk'>, image: string): ((operation: Operation) => void) => {
  let last = ''
  return (operation) => {
    const line = `${image}: ${operation.kind ?? 'operation'} ${operation.status}${percentOf(operation)}`
    if (line === last) return
    last = line
    live.talk.write(`${visible(line)}\n`)
    void live.talk.end()
  }
}

/** The newest work on an image, where the provider tells of it. What cannot be asked is not waited for. */
const newestOf = async (source: ImageSource, id: string, { signal }: Pick<LiveContext, 'signal'>): Promise<Operation | null> => {
  if (source.operations === undefined) return null
  const answer = await perform(source, 'operations', id, { signal })()
  return E.isLeft(answer) ? null : (answer.right[0] ?? null)
}

/** Waits until an image is no longer pending. An import that failed leaves a Glance image as it was before it, waiting for data: only its operation tells. */
export const settled =
  (live: LiveContext, source: ImageSource, id: string, { intervalMs, deadlineMs }: Waiting, onProgress: (operation: Operation) => void): Answer<Image> =>
  async () => {
    const site = siteOf(source.cloud, 'wait')
    const end = live.timing.clock() + deadlineMs
    for (;;) {
      const answer = await source.get(id, { signal: live.signal })()
      if (E.isLeft(answer) || answer.right.status !== 'pending') return answer
      const operation = await newestOf(source, id, live)
      if (operation !== null) onProgress(operation)
      if (operation?.status === 'error') return E.left(rejected(site, { what: operation.error ?? `operation ${operation.id} failed`, hint: 'See what the provider says of it' }))
      const left = end - live.timing.clock()
      if (left <= 0) return E.left(unavailable(site, { what: `the image is still ${answer.right.providerStatus ?? 'pending'} after ${deadlineMs / 1000} s`, hint: 'Wait again, or look at its operations' }))
      await live.timing.sleep(Math.min(intervalMs, left), live.signal)
    }
  }
