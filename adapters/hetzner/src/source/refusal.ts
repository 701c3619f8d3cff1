import { forbidden, rejected, type ImageResult, type Image, type ImageError } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import type { SourceContext } from './context.ts'

/** Whether the state of the image may be what the API took exception to. */
const mayBeOfImage = (error: ImageError): boolean => {
  switch (error._tag) {
    case 'Forbidden':
      return error.reason !== 'protected' && error.reason !== 'token_readonly'
    case 'NotFound':
    case 'Conflict':
    case 'Rejected':
      return error.request !== null
    default:
      return false
  }
}

const clearer = (error: ImageError, { ref, kind }: Image, operation: string): ImageError => {
  if (kind === 'system' || kind === 'app') {
    return forbidden(error, {
      what: `image ${ref.id} is Hetzner’s own`,
      reason: 'not_own',
      hint: 'Only snapshots and backups of your project can be changed or removed',
    })
  }
  return kind === 'backup' && operation === 'protect'
    ? rejected(error, {
        what: `image ${ref.id} is a backup, and only snapshots can be protected`,
        hint: 'Make it a snapshot first',
      })
    : error
}

/** The API refuses what is not its user's without saying so. Once it has refused, the image is looked at, and the error says why. */
export const explainingRefusal =
  ({ images }: SourceContext, id: number, options: CallOptions & { readonly operation: string }) =>
  <A>(answer: ImageResult<A>): ImageResult<A> =>
    pipe(
      answer,
      TE.orElse((error) => {
        if (!mayBeOfImage(error)) return TE.left(error)
        return pipe(
          images.get(id, options),
          TE.match(
            () => error,
            ({ image }) => clearer(error, image, options.operation),
          ),
          T.map((explained) => ({ _tag: 'Left', left: explained }) as const),
        )
      }),
    )
