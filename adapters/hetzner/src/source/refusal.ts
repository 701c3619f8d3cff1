import { forbidden, rejected, type ImageResult, type Image, type ImageError } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import type { SourceContext } from './context.ts'

/** Whether the state of the image may be the reason. */
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

const explain = (error: ImageError, { ref, kind }: Image, operation: string): ImageError => {
  if (kind === 'system' || kind === 'app') {
    return forbidden(error, {
      what: `image ${ref.id} belongs to Hetzner`,
      reason: 'not_own',
      hint: 'Use a snapshot or backup of your project: only those can be changed or deleted',
    })
  }
  return kind === 'backup' && operation === 'protect'
    ? rejected(error, {
        what: `image ${ref.id} is a backup; only snapshots can be protected`,
        hint: 'Convert it to a snapshot first',
      })
    : error
}

/** The API does not explain why it refuses a change of Hetzner's images. After a refusal the image is fetched, and the error explains it. */
export const explainingRefusal =
  ({ images }: SourceContext, id: number, options: CallOptions & { readonly operation: string }) =>
  <A>(work: ImageResult<A>): ImageResult<A> =>
    pipe(
      work,
      TE.orElse((error) => {
        if (!mayBeOfImage(error)) return TE.left(error)
        return pipe(
          images.get(id, options),
          TE.match(
            () => error,
            ({ image }) => explain(error, image, options.operation),
          ),
          T.map((explained) => ({ _tag: 'Left', left: explained }) as const),
        )
      }),
    )
