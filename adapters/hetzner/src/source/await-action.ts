import { waitFor, type ImageResult, type ErrorSite, type Operation } from '@imago/core/provider'
import type { HetznerAction } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import { readOperation, type SourceContext } from './context.ts'

/** As hcloud-go (action_waiter.go). */
const INTERVAL_MS = 500

/** Waits until an action has ended. Sends no request if it has already. */
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
