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

/** The capabilities of a read-only token that are missing. Downloads create a server. */
const WRITING: readonly CapabilityName[] = [
  'update',
  'delete',
  'protect',
  'createFromServer',
  'download',
  'createFromBytes',
  'deleteOrphan',
]

/** The largest ID that the API documents. No image has it. */
const NO_IMAGE = Number.MAX_SAFE_INTEGER

const isReadOnly = (error: ImageError): boolean =>
  error._tag === 'Forbidden' && (error.reason === 'token_readonly' || error.reason === 'forbidden')

/**
 * The API does not report the permission of a token. So an empty change of an image that does not exist is sent: the response to a read-only token is
 * `token_readonly` or `forbidden`, to others that the image does not exist. Any other response leaves the capabilities as declared. Skipped in a dry run.
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

/** Lists one image first, to check that the token is accepted. */
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
