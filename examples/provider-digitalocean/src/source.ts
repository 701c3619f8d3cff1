import {
  applyTagChanges,
  createMatcher,
  rejected,
  pickFilters,
  quoteEmpty,
  createErrorSite,
  toValueList,
  waitFor,
  type Abortable,
  type ImageResult,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
  type Query,
  type ReadResult,
} from '@imago/core/provider'
import { parseNumericId, refuseUnsupportedChange, withParsedId } from '@imago/provider-kit'
import { collectPages, createImageRecordReader, toImagePage } from '@imago/provider-kit/live'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createApi, type DigitalOceanApi, type ImageListParameters } from './api.ts'
import { declared, LARGEST_PAGE, LONGEST_TAG, TAG, type OPERATIONS } from './capabilities.ts'
import { toOperation } from './operation.ts'
import { digitaloceanReader } from './reader.ts'
import type { Session } from './session.ts'

type Method<Name extends keyof ImageSource> = NonNullable<ImageSource[Name]>

/** The source has the methods that are declared, and no others: the compiler sees to it. */
export type DigitalOceanSource = ImageSource & Required<Pick<ImageSource, (typeof OPERATIONS)[number]>>

interface Context {
  readonly session: Session
  /** Images are read as `Image`. */
  readonly api: DigitalOceanApi<ReadResult>
}

const SLUG = /^[a-z0-9][a-z0-9._-]{0,254}$/i

/** Runs `call` with the number of an image or action; anything else is `NotFound`, without a request. */
const withNumber = <A>(
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

const getImage = (
  { api }: Context,
  operation: string,
  id: number | string,
  { signal }: Abortable,
): ImageResult<Image> =>
  pipe(
    api.images.get(id, { operation, signal }),
    TE.map(({ image }) => image),
  )

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

const findInvalidTag = (tags: readonly string[]): string | undefined =>
  tags.find((tag) => tag.length > LONGEST_TAG || !TAG.test(tag))

/** One after the other, up to the first that fails. A dry run goes on after an intercepted request, to show all of them. */
const inOrder =
  (steps: readonly (() => ImageResult<unknown>)[], isDryRun: boolean): ImageResult<void> =>
  async () => {
    let intercepted: ImageError | null = null
    for (const step of steps) {
      const done = await step()()
      if (E.isRight(done)) continue
      if (!isDryRun || done.left._tag !== 'Aborted') return done
      intercepted ??= done.left
    }
    return intercepted === null ? E.right(undefined) : E.left(intercepted)
  }

/** Tags exist by themselves: one that does not is made first. */
const addTag = (
  { api, session: { isDryRun } }: Context,
  id: number,
  name: string,
  call: Abortable & { readonly operation: string },
): ImageResult<void> =>
  pipe(
    api.tags.get(name, call),
    TE.orElse((error) => (error._tag === 'NotFound' ? api.tags.create(name, call) : TE.left(error))),
    TE.orElse((error) => (isDryRun && error._tag === 'Aborted' ? TE.right({ name }) : TE.left(error))),
    TE.flatMap((tag) => api.tags.tagImage(tag.name, id, call)),
  )

const POLL = { intervalMs: 2000, deadlineMs: 600_000 } as const

/** A backup becomes a snapshot when the action has ended. */
const convert = (
  { api, session: { timing } }: Context,
  id: number,
  site: ErrorSite,
  call: Abortable & { readonly operation: string },
): ImageResult<unknown> =>
  pipe(
    api.images.act(id, { type: 'convert' }, call),
    TE.flatMap((action) =>
      waitFor(site, pipe(api.actions.get(action.id, call), TE.map(toOperation)), {
        ...POLL,
        clock: timing.clock,
        sleep: timing.sleep,
        signal: call.signal,
      }),
    ),
  )

/** Reads first: only what differs is sent, and tags are set one by one. */
const update =
  (context: Context): Method<'update'> =>
  (id, changes, { signal } = {}) => {
    const operation = 'update'
    const call = { operation, signal }
    const refusal = refuseUnsupportedChange(
      createErrorSite(context.session.cloud, operation),
      'DigitalOcean',
      changes,
      declared.changes,
    )
    if (refusal !== null) return TE.left(refusal)
    return withNumber(context, operation, 'image', id, call, (number, site) =>
      pipe(
        getImage(context, operation, number, call),
        TE.flatMap((image): ImageResult<Image> => {
          const tags = changes.tags === undefined ? image.tags : applyTagChanges(image.tags, changes.tags)
          const added = tags.filter((tag) => !image.tags.includes(tag))
          const removed = image.tags.filter((tag) => !tags.includes(tag))
          const bad = findInvalidTag(added)
          if (bad !== undefined)
            return TE.left(
              rejected(site, {
                what: `invalid tag ${JSON.stringify(bad)}`,
                hint: `Use up to ${LONGEST_TAG} letters, digits, colons, dashes and underscores`,
              }),
            )
          const texts = {
            ...(changes.name === undefined || changes.name === image.name ? {} : { name: changes.name }),
            ...(changes.description === undefined || changes.description === image.description
              ? {}
              : { description: changes.description }),
          }
          const steps: readonly (() => ImageResult<unknown>)[] = [
            ...(Object.keys(texts).length === 0 ? [] : [() => context.api.images.update(number, texts, call)]),
            ...added.map((tag) => () => addTag(context, number, tag, call)),
            ...removed.map((tag) => () => context.api.tags.untagImage(tag, number, call)),
            ...(changes.kind === undefined || changes.kind === image.kind
              ? []
              : [() => convert(context, number, site, call)]),
          ]
          if (steps.length === 0) return TE.right(image)
          return pipe(
            inOrder(steps, context.session.isDryRun),
            TE.flatMap(() => getImage(context, operation, number, call)),
          )
        }),
      ),
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
