import type { ImageSource } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { awaitAction } from './await-action.ts'
import { fetchImage, withId, type SourceContext } from './context.ts'
import { explainingRefusal } from './refusal.ts'

/** The action has usually ended with the response. */
const DEADLINE_MS = 30_000

export const protect =
  (context: SourceContext): NonNullable<ImageSource['protect']> =>
  (id, isProtected, { signal } = {}) => {
    const options = { operation: 'protect', signal }
    return withId(context, { kind: 'image', id, ...options }, (number, site) =>
      pipe(
        context.images.changeProtection(number, { delete: isProtected }, options),
        explainingRefusal(context, number, options),
        TE.flatMap((action) => awaitAction(context, site, action, DEADLINE_MS, options)),
        TE.flatMap(() => fetchImage(context, number, options)),
      ),
    )
  }
