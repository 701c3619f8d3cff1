import {
  createErrorSite,
  quoteEmpty,
  type Abortable,
  type ErrorSite,
  type Image,
  type ImageResult,
  type ImageSource,
  type ReadResult,
} from '@imago/core/provider'
import { parseNumericId, withParsedId } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { DigitalOceanApi } from './api.ts'
import type { Session } from './session.ts'

/** A method of a source that not every source has. */
export type Method<Name extends keyof ImageSource> = NonNullable<ImageSource[Name]>

/** What the methods of a source share. */
export interface Context {
  readonly session: Session
  /** Images are read as `Image`. */
  readonly api: DigitalOceanApi<ReadResult>
}

/** Runs `call` with the number of an image or action; anything else is `NotFound`, without a request. */
export const withNumber = <A>(
  { session }: Context,
  operation: string,
  kind: 'image' | 'operation',
  id: string,
  options: Abortable,
  call: (id: number, site: ErrorSite) => ImageResult<A>,
): ImageResult<A> => {
  const site = createErrorSite(session.cloud, operation)
  const known = E.fromNullable({ what: `${kind} not found: ${quoteEmpty(id)}`, hint: 'Use a numeric ID' })(
    parseNumericId(id),
  )
  return withParsedId(site, options, known, (number) => call(number, site))
}

/** Reads an image by its number or slug. */
export const getImage = (
  { api }: Context,
  operation: string,
  id: number | string,
  { signal }: Abortable,
): ImageResult<Image> =>
  pipe(
    api.images.get(id, { operation, signal }),
    TE.map(({ image }) => image),
  )
