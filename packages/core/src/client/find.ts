import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Abortable } from '../source/abort.ts'
import { toValueList, type AnyOf } from '../query/any-of.ts'
import { ambiguous, notFound, createErrorSite, type ImageError } from '../error/image-error.ts'
import type { Image } from '../image/image.ts'
import { listAll } from './list-all.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, ImageSource } from '../source/source.ts'

/** The image a person means: by its id, by its name, by whichever fits, or by whatever a listing can be asked for. */
export type ImageSelector =
  | { readonly query: Query }
  | { readonly id: string }
  | ({ readonly name: string } & NameLookupOptions)
  | ({ readonly idOrName: string } & NameLookupOptions)

/** What says more of an image that is named. */
export interface NameLookupOptions {
  /** Tells images of one name apart. */
  readonly architecture?: AnyOf<string> | undefined
  /** Where a name is looked for before the default list, which leaves out hidden images and those that are offered to a project and not accepted. */
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

const ofArchitecture = (architecture: AnyOf<string> | undefined): Query =>
  architecture === undefined ? {} : { architecture }

const byName = (
  source: ImageSource,
  name: string,
  { architecture, first }: NameLookupOptions,
  options: Abortable,
): ImageResult<readonly Image[]> => {
  const query: Query = { name, ...ofArchitecture(architecture) }
  const inDefaultList = byQuery(source, query, options)
  if (first === undefined) return inDefaultList
  return pipe(
    byQuery(source, { ...query, ...first }, options),
    TE.flatMap((images) => (images.length > 0 ? TE.right(images) : inDefaultList)),
  )
}

/** Snapshots at Hetzner have no name: their description is what people call them by. */
const byDescription = (
  source: ImageSource,
  description: string,
  architecture: AnyOf<string> | undefined,
  options: Abortable,
): ImageResult<readonly Image[]> =>
  pipe(
    byQuery(source, { description, ...ofArchitecture(architecture) }, options),
    TE.map((images) => images.filter(({ name }) => name === null)),
  )

/** All images that fit, in the order of the listing. As `find`, which wants one. */
export const findAll = (
  source: ImageSource,
  wanted: ImageSelector,
  options: Abortable = {},
): ImageResult<readonly Image[]> => {
  if ('query' in wanted) return byQuery(source, wanted.query, options)
  if ('id' in wanted) return byId(source, wanted.id, options)
  if ('name' in wanted) return byName(source, wanted.name, wanted, options)
  const { idOrName, architecture } = wanted
  return pipe(
    byId(source, idOrName, options),
    TE.flatMap((withId) =>
      pipe(
        byName(source, idOrName, wanted, options),
        TE.map((named) => [...withId, ...named.filter(({ ref }) => ref.id !== withId[0]?.ref.id)]),
      ),
    ),
    TE.flatMap((images) =>
      images.length > 0 ? TE.right(images) : byDescription(source, idOrName, architecture, options),
    ),
  )
}

const SHOWN = 5

const candidatesIn = (images: readonly Image[]): string => {
  const shown = images
    .slice(0, SHOWN)
    .map(({ ref, architecture }) => (architecture === null ? ref.id : `${ref.id} (${architecture})`))
  return images.length > SHOWN ? `${shown.join(', ')} and ${images.length - SHOWN} more` : shown.join(', ')
}

const wordsOf = (wanted: ImageSelector): string => {
  if ('query' in wanted) return 'image like that'
  if ('id' in wanted) return `image ${wanted.id}`
  const { architecture } = wanted
  return `image ${'name' in wanted ? `named ${wanted.name}` : wanted.idOrName}${architecture === undefined ? '' : ` for ${toValueList(architecture).join(' or ')}`}`
}

/** Who hid an image and then names it is told why it is not there. */
const hintFor = (source: ImageSource, wanted: ImageSelector): string | undefined =>
  source.hide !== undefined && !('query' in wanted) && !('id' in wanted) && wanted.first?.hidden === undefined
    ? 'Check the id or name, the project and the region; a hidden image is found by its id'
    : undefined

/**
 * The one image that is wanted.
 * - None gives `NotFound`; several give `Ambiguous` with all of them as candidates, in the order of the listing.
 * - A name never finds a hidden image: hidden ones keep the names of those that replaced them. An id does, and so does `first`.
 * - `idOrName` asks for both: what is one image's id and another's name is ambiguous. If neither fits, it finds an image without a name by its description.
 */
export const find = (source: ImageSource, wanted: ImageSelector, options: Abortable = {}): ImageResult<Image> => {
  const site = createErrorSite(source.cloud, 'find')
  return pipe(
    findAll(source, wanted, options),
    TE.flatMapEither((images): E.Either<ImageError, Image> => {
      const [image, ...others] = images
      if (image === undefined)
        return E.left(notFound(site, { what: `there is no ${wordsOf(wanted)}`, hint: hintFor(source, wanted) }))
      if (others.length === 0) return E.right(image)
      return E.left(
        ambiguous(site, {
          what: `${images.length} images fit ${wordsOf(wanted)}: ${candidatesIn(images)}`,
          candidates: images,
        }),
      )
    }),
  )
}
