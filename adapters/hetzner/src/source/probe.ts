import {
  withoutOperations,
  type Abortable,
  type ImageResult,
  type Capabilities,
  type CapabilityName,
  type ImageError,
} from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { SourceContext } from './context.ts'

/** What a token that may only read cannot do: to download, too, makes a server. */
const WRITING: readonly CapabilityName[] = [
  'update',
  'delete',
  'protect',
  'createFromServer',
  'download',
  'createFromBytes',
  'deleteOrphan',
]

/** The greatest id that the API's own document allows: no image has it. */
const NO_IMAGE = Number.MAX_SAFE_INTEGER

const isReadOnly = (error: ImageError): boolean =>
  error._tag === 'Forbidden' && (error.reason === 'token_readonly' || error.reason === 'forbidden')

/**
 * What a token may do is nowhere to be read. So it is tried, on an image that does not exist, with a change of nothing: a token that may
 * only read is told so (`token_readonly`, or `forbidden`); to any other there is no such image. Whatever else is answered proves
 * nothing, and nothing is taken away. In a dry run it is not tried.
 */
const mayOnlyRead = (
  { session, images }: SourceContext,
  options: Abortable & { readonly operation: string },
): ImageResult<boolean> => {
  if (session.isDryRun) return TE.right(false)
  return pipe(
    images.changeProtection(NO_IMAGE, {}, options),
    TE.map(() => false),
    TE.orElse((error) => {
      if (error._tag === 'Aborted' || error._tag === 'Unauthorized') return TE.left(error)
      return TE.right(isReadOnly(error))
    }),
  )
}

/** Lists one image, to see that the token is accepted, before it tries what the token may do. */
export const probe =
  (context: SourceContext, capabilities: Capabilities) =>
  ({ signal }: Abortable = {}): ImageResult<Capabilities> => {
    const options = { operation: 'probe', signal }
    return pipe(
      context.images.list({ per_page: 1 }, options),
      TE.flatMap(() => mayOnlyRead(context, options)),
      TE.map((readOnly) => (readOnly ? withoutOperations(capabilities, WRITING) : capabilities)),
    )
  }
