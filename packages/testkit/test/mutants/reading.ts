import {
  notFound,
  createErrorSite,
  unavailable,
  withoutOperations,
  type ImageResult,
  type Image,
  type ImageSource,
} from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { onPages, overriding, type Mutant } from './wrap.ts'

/** Applies a fault from the second created source on. */
const applyFromSecond = (change: (source: ImageSource) => ImageSource): ((source: ImageSource) => ImageSource) => {
  let made = 0
  return (source) => (made++ === 0 ? source : change(source))
}

/** Sources with wrong lists, images or capabilities. */
export const READING_MUTANTS: readonly Mutant[] = [
  {
    does: 'returns an image on two pages',
    breaks: 'once',
    wrap: onPages((page) => ({ ...page, items: [...page.items, ...page.items.slice(0, 1)] })),
  },
  {
    does: 'returns images of another cloud',
    breaks: 'images',
    wrap: onPages((page) => ({
      ...page,
      items: page.items.map((image) => ({ ...image, ref: { ...image.ref, cloud: 'other' } })),
    })),
  },
  {
    does: 'returns an invalid Image',
    breaks: 'images',
    wrap: onPages((page) => ({ ...page, items: page.items.map((image) => ({ ...image, status: 'odd' as never })) })),
  },
  {
    does: 'returns later pages in a wrong order',
    breaks: 'ahead',
    wrap: onPages((page) => ({ ...page, ahead: ['4', '2'] })),
  },
  {
    does: 'applies a filter that it does not declare',
    breaks: 'filters',
    wrap: overriding(({ capabilities }) => ({ capabilities: { ...capabilities, filters: [] } })),
  },
  {
    does: 'declares a filter that it does not have',
    breaks: 'filters',
    wrap: overriding((source) => ({ listPage: (_, ...rest) => source.listPage({ hidden: 'include' }, ...rest) })),
  },
  {
    does: 'has a method that it does not declare',
    breaks: 'presence',
    wrap: overriding(({ capabilities }) => ({ capabilities: withoutOperations(capabilities, ['operations']) })),
  },
  {
    does: 'returns undeclared capabilities from probe',
    breaks: 'probe-narrows',
    wrap: overriding(({ capabilities }) => ({
      probe: () => TE.right({ ...capabilities, digests: [...capabilities.digests, 'md5'] }),
    })),
  },
  {
    does: 'ignores an abort signal',
    breaks: 'abort',
    wrap: overriding((source) => ({ get: (id) => source.get(id) })),
  },
  {
    does: 'names another cloud in errors',
    breaks: 'error-site',
    wrap: overriding((source) => ({
      get: (id, options) =>
        pipe(
          source.get(id, options),
          TE.mapLeft((error) => ({ ...error, cloud: 'other' })),
        ),
    })),
  },
  {
    does: 'ignores the page size',
    breaks: 'page-size',
    wrap: overriding((source) => ({ listPage: (query, cursor) => source.listPage(query, cursor) })),
  },
  {
    does: 'writes after an abort',
    breaks: 'abort',
    wrap: overriding((source) => ({ protect: (id, isProtected) => source.protect(id, isProtected) })),
  },
  {
    does: 'returns another region from get than from a list',
    breaks: 'get-listed',
    wrap: overriding((source) => ({
      get: (id, options) =>
        pipe(
          source.get(id, options),
          TE.map((image) => ({ ...image, ref: { ...image.ref, region: 'elsewhere' } })),
        ),
    })),
  },
  {
    does: 'declares other capabilities at each time',
    breaks: 'capabilities',
    wrap: applyFromSecond((source) => ({ ...source, capabilities: { ...source.capabilities, digests: [] } })),
  },
  {
    does: 'creates an image in probe',
    breaks: 'probe-changes-nothing',
    wrap: overriding((source) => ({
      probe: (options) =>
        pipe(
          source.create({ name: 'probe', diskFormat: 'raw' }),
          TE.flatMap(() => source.probe(options)),
        ),
    })),
  },
  {
    does: 'does not return hidden images',
    breaks: 'get-hidden',
    wrap: overriding((source) => ({
      get: (id, options) =>
        pipe(
          source.get(id, options),
          TE.flatMap((image): ImageResult<Image> =>
            image.hidden === true
              ? TE.left(notFound(createErrorSite(source.cloud, 'get'), { what: 'no' }))
              : TE.right(image),
          ),
        ),
    })),
  },
  {
    does: 'returns another record than it lists',
    breaks: 'get-listed',
    wrap: overriding((source) => ({
      get: (id, options) =>
        pipe(
          source.get(id, options),
          TE.map((image) => ({ ...image, tags: [...image.tags, 'late'] })),
        ),
    })),
  },
  {
    does: 'continues a list instead of starting it again',
    breaks: 'first-page',
    wrap: (source) => {
      let asked = 0
      return {
        ...source,
        listPage: (query, cursor, options) => {
          const page = source.listPage(query, cursor, options)
          if (cursor !== null || options?.pageSize !== undefined || asked++ === 0) return page
          return pipe(
            page,
            TE.flatMap(({ next }) => source.listPage(query, next, options)),
          )
        },
      }
    },
  },
  {
    does: 'omits public images from its default list',
    breaks: 'default-list',
    wrap: overriding((source) => ({
      listPage: (query, cursor, options) =>
        pipe(
          source.listPage(query, cursor, options),
          TE.map((page) =>
            query.visibility === undefined
              ? { ...page, items: page.items.filter(({ visibility }) => visibility !== 'public') }
              : page,
          ),
        ),
    })),
  },
  {
    does: 'sorts by page size',
    breaks: 'once',
    wrap: overriding((source) => ({
      listPage: (query, cursor, options) =>
        pipe(
          source.listPage(query, cursor, options),
          TE.map((page) => (options?.pageSize === 2 ? { ...page, items: page.items.toReversed() } : page)),
        ),
    })),
  },
  {
    does: 'stops after the first page',
    breaks: 'filters',
    wrap: onPages((page) => ({ ...page, next: null, ahead: [] })),
  },
  {
    does: 'accepts a cursor only once',
    breaks: 'same-cursor',
    wrap: (source) => {
      const asked = new Set<string>()
      return {
        ...source,
        listPage: (query, cursor, options) => {
          if (cursor === null || !asked.has(cursor)) {
            if (cursor !== null) asked.add(cursor)
            return source.listPage(query, cursor, options)
          }
          return TE.left(unavailable(createErrorSite(source.cloud, 'listPage'), { what: 'this cursor was used' }))
        },
      }
    },
  },
  {
    does: 'passes a cursor other than next to onNext',
    breaks: 'on-next',
    wrap: overriding((source) => ({
      listPage: (query, cursor, options) =>
        pipe(
          source.listPage(query, cursor, options),
          TE.tapIO(() => () => options?.onNext?.('elsewhere')),
        ),
    })),
  },
]
