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

/** Reports each new state of an operation on its own line. */
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

/** The newest operation on an image; `null` if the provider does not list operations, or the request fails. */
const findNewestOperation = async (
  source: ImageSource,
  id: string,
  { signal }: Pick<LiveContext, 'signal'>,
): Promise<Operation | null> => {
  if (source.operations === undefined) return null
  const result = await perform(source, 'operations', id, { signal })()
  return E.isLeft(result) ? null : (result.right[0] ?? null)
}

/**
 * Waits until an image is no longer pending and has no operation in progress. The operation matters: in Glance, a failed import leaves the image queued,
 * and a copy to another store leaves it available.
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
    /** The operation that was running while the image was available; its end is awaited. */
    let copying: string | null = null
    let wasPending = false
    for (;;) {
      const result = await source.get(id, { signal: live.signal })()
      if (E.isLeft(result) || (result.right.status !== 'pending' && result.right.status !== 'available')) return result
      if (result.right.status === 'available' && wasPending) return result
      wasPending = result.right.status === 'pending'
      const operation = await findNewestOperation(source, id, live)
      if (result.right.status === 'available') {
        // An operation derived from the record alone may have ended long ago.
        if (operation === null || operation.id === id || (operation.status !== 'running' && operation.id !== copying))
          return result
        copying = operation.id
      }
      if (operation !== null) onProgress(operation)
      if (operation?.status === 'success' && result.right.status === 'available') return result
      if (operation?.status === 'error')
        return E.left(
          rejected(site, {
            what: operation.error ?? `operation ${operation.id} failed`,
            hint: operation.hint ?? 'Correct the cause, then start the operation again',
          }),
        )
      const left = end - live.timing.clock()
      if (left <= 0)
        return E.left(
          unavailable(site, {
            what: `${result.right.status === 'available' ? 'an operation on the image is still in progress' : `the image is still ${result.right.providerStatus ?? 'pending'}`} after ${deadlineMs / 1000} s`,
            hint: 'Wait again, or list its operations',
          }),
        )
      await live.timing.sleep(Math.min(intervalMs, left), live.signal)
    }
  }
