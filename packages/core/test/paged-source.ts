import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { deriveCapabilities, type DeclaredCapabilities } from '../src/source/capabilities.ts'
import type { CapabilityName } from '../src/capability-names.ts'
import { notFound, createErrorSite, type ImageError } from '../src/error/image-error.ts'
import type { Image } from '../src/image/image.ts'
import type { Cursor, Page } from '../src/source/page.ts'
import type { Query } from '../src/query/query.ts'
import type { ImageSource, ListOptions } from '../src/source/source.ts'

export const CLOUD = { provider: 'paper', cloud: 'test', region: null }

export const SITE = createErrorSite(CLOUD, 'listPage')

/** An image with only an ID and `fields`. */
export const createImage = (id: string, fields: Partial<Omit<Image, 'ref'>> = {}): Image => bareImage(id, fields, CLOUD)

export const createPage = (items: readonly Image[], next: Cursor | null, ahead?: readonly Cursor[]): Page => ({
  items,
  rejected: [],
  drift: [],
  next,
  ...(ahead === undefined ? {} : { ahead }),
})

export type Answering = (
  cursor: Cursor | null,
  query: Query,
  options: ListOptions,
) => E.Either<ImageError, Page> | Promise<E.Either<ImageError, Page>>

/** A source that returns the pages of `answering` and records the requested cursors. */
export const createSource = (
  answering: Answering,
  methods: Pick<ImageSource, CapabilityName> = {},
  declared: Partial<DeclaredCapabilities> = {},
  images: readonly Image[] = [],
): { readonly source: ImageSource; readonly asked: (Cursor | null)[] } => {
  const asked: (Cursor | null)[] = []
  const capabilities = deriveCapabilities(methods, declared)
  const source: ImageSource = {
    cloud: CLOUD,
    capabilities,
    probe: () => TE.right(capabilities),
    get: (id) =>
      TE.fromEither(
        E.fromNullable<ImageError>(notFound(createErrorSite(CLOUD, 'get'), { what: `image not found: ${id}` }))(
          images.find((image) => image.ref.id === id),
        ),
      ),
    listPage:
      (query, cursor, options = {}) =>
      async () => {
        asked.push(cursor)
        return answering(cursor, query, options)
      },
    ...methods,
  }
  return { source, asked }
}

/** `count` pages with one image each; cursors `1`, `2` … */
export const numbered =
  (count: number, isAhead = false): Answering =>
  (cursor) => {
    const at = Number(cursor ?? 0)
    const following = Array.from({ length: Math.max(0, count - at - 1) }, (_, index) => String(at + index + 1))
    return E.right(createPage([createImage(`image-${at}`)], following[0] ?? null, isAhead ? following : undefined))
  }
