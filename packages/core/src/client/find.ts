import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Abortable } from '../source/abort.ts'
import { toValueList, type AnyOf } from '../query/any-of.ts'
import { quoteEmpty } from '../text/safe-text.ts'
import { ambiguous, notFound, createErrorSite, type ImageError } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import { listAll } from './list-all.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, ImageSource } from '../source/source.ts'

/** Selects an image by ID, by name, by either, or by the filters of a listing. */
export type ImageSelector =
  | { readonly query: Query }
  | { readonly id: string }
  | ({ readonly name: string } & NameLookupOptions)
  | ({ readonly idOrName: string } & NameLookupOptions)

/** How to look up a name. */
export interface NameLookupOptions {
  /** Distinguishes images of the same name. */
  readonly architecture?: AnyOf<string> | undefined
  /** A list to search before the default list, which excludes hidden images and shared images that were not accepted. */
  readonly first?: Pick<Query, 'hidden' | 'visibility'> | undefined
}

const byId = (source: ImageSource, id: string, { signal }: Abortable): ImageResult<readonly Image[]> =>
  pipe(
    source.get(id, { signal }),
    TE.map((image): readonly Image[] => [image]),
    TE.orElse((error) => (error._tag === 'NotFound' ? TE.right([]) : TE.left(error))),
  )

const byQuery = (source: ImageSource, query: Query, { signal }: Abortable): ImageResult<readonly Image[]> =>
  pipe(
    listAll(source, query, { signal }),
    TE.map(({ items }) => items),
  )

const toArchitectureQuery = (architecture: AnyOf<string> | undefined): Query =>
  architecture === undefined ? {} : { architecture }

const byName = (
  source: ImageSource,
  name: string,
  { architecture, first }: NameLookupOptions,
  options: Abortable,
): ImageResult<readonly Image[]> => {
  const query: Query = { name, ...toArchitectureQuery(architecture) }
  const inDefaultList = byQuery(source, query, options)
  if (first === undefined) return inDefaultList
  return pipe(
    byQuery(source, { ...query, ...first }, options),
    TE.flatMap((images) => (images.length > 0 ? TE.right(images) : inDefaultList)),
  )
}

/** Snapshots at Hetzner have no name, so people refer to them by their description. */
const byDescription = (
  source: ImageSource,
  description: string,
  architecture: AnyOf<string> | undefined,
  options: Abortable,
): ImageResult<readonly Image[]> =>
  pipe(
    byQuery(source, { description, ...toArchitectureQuery(architecture) }, options),
    TE.map((images) => images.filter(({ name }) => name === null)),
  )

/** All matching images, in the order of the listing. */
export const findAll = (
  source: ImageSource,
  selector: ImageSelector,
  options: Abortable = {},
): ImageResult<readonly Image[]> => {
  if ('query' in selector) return byQuery(source, selector.query, options)
  if ('id' in selector) return byId(source, selector.id, options)
  if ('name' in selector) return byName(source, selector.name, selector, options)
  const { idOrName, architecture } = selector
  return pipe(
    byId(source, idOrName, options),
    TE.flatMap((withId) =>
      pipe(
        byName(source, idOrName, selector, options),
        TE.map((named) => [...withId, ...named.filter(({ ref }) => ref.id !== withId[0]?.ref.id)]),
      ),
    ),
    TE.flatMap((images) =>
      images.length > 0 ? TE.right(images) : byDescription(source, idOrName, architecture, options),
    ),
  )
}

/** The selector as a user wrote it; `null`: a query. */
const describeSelector = (selector: ImageSelector): string | null => {
  if ('query' in selector) return null
  if ('id' in selector) return quoteEmpty(selector.id)
  const { architecture } = selector
  const name = quoteEmpty('name' in selector ? selector.name : selector.idOrName)
  return architecture === undefined ? name : `${name} for ${toValueList(architecture).join(' or ')}`
}

/** Hidden images are not found by name, which the hint mentions. */
const hintFor = (source: ImageSource, selector: ImageSelector): string | undefined =>
  source.hide !== undefined && !('query' in selector) && !('id' in selector) && selector.first?.hidden === undefined
    ? 'Check the ID or name, the project and the region; hidden images are found only by ID'
    : 'query' in selector
      ? 'Check the query, the project and the region'
      : undefined

/**
 * Finds the one matching image.
 * - `NotFound` if none matches; `Ambiguous` if several do, with all of them as candidates, in the order of the listing.
 * - A name does not match hidden images, which often keep the name of the image that replaced them. An ID does, and so does `first`.
 * - `idOrName` matches either: one image's ID that is another's name is ambiguous. If neither matches, it is the description of an image without a name.
 */
export const find = (source: ImageSource, selector: ImageSelector, options: Abortable = {}): ImageResult<Image> => {
  const site = createErrorSite(source.cloud, 'find')
  return pipe(
    findAll(source, selector, options),
    TE.flatMapEither((images): E.Either<ImageError, Image> => {
      const [image, ...others] = images
      const described = describeSelector(selector)
      if (image === undefined)
        return E.left(
          notFound(site, {
            what: described === null ? 'no image matches the query' : `image not found: ${described}`,
            hint: hintFor(source, selector),
          }),
        )
      if (others.length === 0) return E.right(image)
      return E.left(
        ambiguous(site, {
          what: `${images.length} images match${described === null ? '' : ` ${described}`}`,
          candidates: images,
        }),
      )
    }),
  )
}
