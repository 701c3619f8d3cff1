import {
  createErrorSite,
  createMatcher,
  pickFilters,
  rejected,
  toValueList,
  type ImageSource,
  type Query,
} from '@imago/core/provider'
import { parseNumericId } from '@imago/provider-kit'
import { collectPages, createImageRecordReader, toImagePage } from '@imago/provider-kit/live'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createApi, type ImageListParameters } from './api.ts'
import { declared, LARGEST_PAGE, type OPERATIONS } from './capabilities.ts'
import { getImage, withNumber, type Context, type Method } from './context.ts'
import { toOperation } from './operation.ts'
import { digitaloceanReader } from './reader.ts'
import type { Session } from './session.ts'
import { update } from './update.ts'

/** The source has the methods that are declared, and no others: the compiler sees to it. */
export type DigitalOceanSource = ImageSource & Required<Pick<ImageSource, (typeof OPERATIONS)[number]>>

const SLUG = /^[a-z0-9][a-z0-9._-]{0,254}$/i

const get =
  (context: Context): ImageSource['get'] =>
  (id, { signal } = {}) => {
    // Only public images have slugs, and no slug is a number.
    if (/[a-z]/i.test(id) && SLUG.test(id)) return getImage(context, 'get', id, { signal })
    return withNumber(context, 'get', 'image', id, { signal }, (number) => getImage(context, 'get', number, { signal }))
  }

/** The part of a query that the API can filter by. It may give more than was asked for, never less. */
const toParameters = ({ tags, visibility }: Query): ImageListParameters => {
  const sets = tags === undefined ? [] : toValueList(tags)
  const [only] = sets
  const tag = typeof only === 'string' ? only : only?.all[0]
  if (sets.length === 1 && tag !== undefined) return { tag_name: tag }
  const wanted = visibility === undefined ? [] : toValueList(visibility)
  return wanted.length === 1 && wanted[0] === 'private' ? { private: true } : {}
}

const listPage =
  (context: Context): ImageSource['listPage'] =>
  (query, cursor, { signal, pageSize = LARGEST_PAGE } = {}) => {
    const operation = 'listPage'
    const page = cursor === null ? 1 : parseNumericId(cursor)
    if (page === null)
      return TE.left(
        rejected(createErrorSite(context.session.cloud, operation), {
          what: 'the cursor does not belong to this listing',
          hint: 'List again',
        }),
      )
    const wanted = pickFilters(query, declared.filters)
    const per_page = Math.min(LARGEST_PAGE, Math.max(1, Math.floor(pageSize)))
    return pipe(
      context.api.images.list({ ...toParameters(wanted), page, per_page }, { operation, signal }),
      TE.map((found) => ({
        ...toImagePage(found, createMatcher(wanted)),
        next: found.isLast ? null : String(page + 1),
      })),
    )
  }

const remove =
  (context: Context): Method<'delete'> =>
  (id, { signal } = {}) =>
    withNumber(context, 'delete', 'image', id, { signal }, (number) =>
      context.api.images.delete(number, { operation: 'delete', signal }),
    )

/** Regions are stores: an image has its data in each. */
const copyToStore =
  (context: Context): Method<'copyToStore'> =>
  (id, { stores }, { signal } = {}) =>
    withNumber(context, 'copyToStore', 'image', id, { signal }, (number, site) => {
      const [region, ...others] = stores
      if (region === undefined || others.length > 0)
        return TE.left(
          rejected(site, { what: 'DigitalOcean copies an image to one region at a time', hint: 'Name one region' }),
        )
      return pipe(
        context.api.images.act(number, { type: 'transfer', region }, { operation: 'copyToStore', signal }),
        TE.map(toOperation),
      )
    })

const operations =
  (context: Context): Method<'operations'> =>
  (id, { signal } = {}) =>
    withNumber(context, 'operations', 'image', id, { signal }, (number, site) =>
      pipe(
        collectPages(site, 'actions', 1, (page: number) =>
          pipe(
            context.api.images.actions(number, { page, per_page: LARGEST_PAGE }, { operation: 'operations', signal }),
            // An empty page ends the list, whatever its links are: it could go on for ever.
            TE.map(({ items, isLast }) => ({ items, next: isLast || items.length === 0 ? null : page + 1 })),
          ),
        ),
        // The API documents no order; IDs grow.
        TE.map((actions) => actions.toSorted((one, other) => other.id - one.id).map(toOperation)),
      ),
    )

const operation =
  (context: Context): Method<'operation'> =>
  (id, { signal } = {}) =>
    withNumber(context, 'operation', 'operation', id, { signal }, (number) =>
      pipe(context.api.actions.get(number, { operation: 'operation', signal }), TE.map(toOperation)),
    )

/** The images of one account. */
export const createSource = (session: Session): DigitalOceanSource => {
  const context: Context = {
    session,
    api: createApi(session, createImageRecordReader(digitaloceanReader, session.cloud)),
  }
  return {
    cloud: session.cloud,
    capabilities: declared,
    // The API does not report the scopes of a token; listing shows that it is accepted.
    probe: ({ signal } = {}) =>
      pipe(
        context.api.images.list({ per_page: 1 }, { operation: 'probe', signal }),
        TE.map(() => declared),
      ),
    get: get(context),
    listPage: listPage(context),
    update: update(context),
    delete: remove(context),
    copyToStore: copyToStore(context),
    operations: operations(context),
    operation: operation(context),
  }
}
