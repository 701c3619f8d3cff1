import {
  perform,
  rejected,
  createErrorSite,
  unavailable,
  type ImageResult,
  type Image,
  type ImageSource,
  type Operation,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { visible } from '../output/visible.ts'
import type { WaitOptions } from '../options/writing.ts'
import { parseDuration } from '../parse-duration.ts'

export interface Waiting {
  readonly intervalMs: number
  readonly deadlineMs: number
}

export const parseWaitOptions = ({ timeout, interval }: WaitOptions): Waiting => ({
  intervalMs: parseDuration('--interval', interval),
  deadlineMs: parseDuration('--timeout', timeout),
})

const formatPercent = ({ progress }: Operation): string => (progress === null ? '' : ` ${Math.round(progress * 100)} %`)

/** Tells each new step of an operation, on a line of its own: a log keeps it. */
export const progressLines = (live: Pick<LiveContext, 'messages'>, image: string): ((operation: Operation) => void) => {
  let last = ''
  return (operation) => {
    const line = `${image}: ${operation.kind ?? 'operation'} ${operation.status}${formatPercent(operation)}`
    if (line === last) return
    last = line
    live.messages.write(`${visible(line)}\n`)
    void live.messages.end()
  }
}

/** The newest work on an image, where the provider tells of it. What cannot be asked is not waited for. */
const findNewestOperation = async (
  source: ImageSource,
  id: string,
  { signal }: Pick<LiveContext, 'signal'>,
): Promise<Operation | null> => {
  if (source.operations === undefined) return null
  const answer = await perform(source, 'operations', id, { signal })()
  return E.isLeft(answer) ? null : (answer.right[0] ?? null)
}

/**
 * Waits until an image is no longer pending, and no work on it goes on: a copy to another store leaves it available. An import that failed leaves a Glance
 * image as it was before it, waiting for data, and a failed copy leaves it available: only its operation tells.
 */
export const settled =
  (
    live: LiveContext,
    source: ImageSource,
    id: string,
    { intervalMs, deadlineMs }: Waiting,
    onProgress: (operation: Operation) => void,
  ): ImageResult<Image> =>
  async () => {
    const site = createErrorSite(source.cloud, 'wait')
    const end = live.timing.clock() + deadlineMs
    /** Work that was seen to go on while the image was available: how it ends is waited for. */
    let copying: string | null = null
    let wasPending = false
    for (;;) {
      const answer = await source.get(id, { signal: live.signal })()
      if (E.isLeft(answer) || (answer.right.status !== 'pending' && answer.right.status !== 'available')) return answer
      if (answer.right.status === 'available' && wasPending) return answer
      wasPending = answer.right.status === 'pending'
      const operation = await findNewestOperation(source, id, live)
      if (answer.right.status === 'available') {
        // What only the record tells of may have been left there by work that ended long ago.
        if (operation === null || operation.id === id || (operation.status !== 'running' && operation.id !== copying))
          return answer
        copying = operation.id
      }
      if (operation !== null) onProgress(operation)
      if (operation?.status === 'success' && answer.right.status === 'available') return answer
      if (operation?.status === 'error')
        return E.left(
          rejected(site, {
            what: operation.error ?? `operation ${operation.id} failed`,
            hint: operation.hint ?? 'Correct what is named, or ask the provider for the cause; then start it again',
          }),
        )
      const left = end - live.timing.clock()
      if (left <= 0)
        return E.left(
          unavailable(site, {
            what: `${answer.right.status === 'available' ? 'work on the image still goes on' : `the image is still ${answer.right.providerStatus ?? 'pending'}`} after ${deadlineMs / 1000} s`,
            hint: 'Wait again, or look at its operations',
          }),
        )
      await live.timing.sleep(Math.min(intervalMs, left), live.signal)
    }
  }
