import { waitFor, type Answer, type ErrorSite, type ImageSource, type Operation } from '@imago/core'
import type { HetznerAction } from '@imago/schema-hetzner'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import { toOperation } from '../map-operation.ts'
import { imageOf, withId, type SourceContext } from './context.ts'
import { explainingRefusal } from './refusal.ts'

/** The action has mostly ended when it is answered. */
const INTERVAL_MS = 500
const DEADLINE_MS = 30_000

/** Waits until the action has ended; asks again only if it has not yet. */
const ended = ({ session: { timing }, actions }: SourceContext, site: ErrorSite, action: HetznerAction, options: CallOptions): Answer<Operation> => {
  const first = toOperation(action)
  let isFirst = true
  const poll: Answer<Operation> = () => {
    if (!isFirst) return pipe(actions.get(action.id, options), TE.map(toOperation))()
    isFirst = false
    return TE.right(first)()
  }
  return waitFor(site, poll, { ...timing, intervalMs: INTERVAL_MS, deadlineMs: DEADLINE_MS, signal: options.signal })
}

export const protectOf =
  (context: SourceContext): NonNullable<ImageSource['protect']> =>
  (id, isProtected, { signal } = {}) => {
    const options = { operation: 'protect', signal }
    return withId(context, { kind: 'image', id, ...options }, (number, site) =>
      pipe(
        context.images.changeProtection(number, { delete: isProtected }, options),
        explainingRefusal(context, number, options),
        TE.flatMap((action) => ended(context, site, action, options)),
        TE.flatMap(() => context.images.get(number, options)),
        TE.map(imageOf),
      ),
    )
  }
