import { waitFor, type ImageResult, type ErrorSite, type Operation } from '@imago/core/provider'
import type { HetznerAction } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import { readOperation, type SourceContext } from './context.ts'

/** hcloud-go looks every 500 ms (action_waiter.go). */
const INTERVAL_MS = 500

/** Waits until the action has ended; asks again only if it has not yet. */
export const awaitAction = (
  context: Pick<SourceContext, 'session' | 'actions'>,
  site: ErrorSite,
  action: HetznerAction,
  deadlineMs: number,
  options: CallOptions,
): ImageResult<Operation> => {
  const { session, actions } = context
  const toOperation = readOperation(context)
  const first = toOperation(action)
  let isFirst = true
  const poll: ImageResult<Operation> = () => {
    if (!isFirst) return pipe(actions.get(action.id, options), TE.map(toOperation))()
    isFirst = false
    return TE.right(first)()
  }
  return waitFor(site, poll, { ...session.timing, intervalMs: INTERVAL_MS, deadlineMs, signal: options.signal })
}
