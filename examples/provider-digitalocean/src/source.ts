import {
  aborted,
  applyTagChanges,
  decodeFailed,
  createMatcher,
  notFound,
  rejected,
  pickFilters,
  createErrorSite,
  unsupported,
  toValueList,
  waitFor,
  type Abortable,
  type ImageResult,
  type Drift,
  type ErrorSite,
  type Image,
  type ImageChanges,
  type ImageError,
  type ImageSource,
  type Page,
  type Query,
  type ReadResult,
  type RejectedRecord,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { createApi, type DigitalOceanApi, type ImageListParameters } from './api.ts'
import { declared, LARGEST_PAGE, LONGEST_TAG, TAG, type OPERATIONS } from './capabilities.ts'
import { toOperation } from './operation.ts'
import { digitaloceanReader } from './reader.ts'
import type { Session } from './session.ts'
import type { DigitalOceanAction } from './wire.ts'

type Method<Name extends keyof ImageSource> = NonNullable<ImageSource[Name]>

/** The source has the methods that are declared, and no others: the compiler sees to it. */
export type DigitalOceanSource = ImageSource & Required<Pick<ImageSource, (typeof OPERATIONS)[number]>>

interface Context {
  readonly session: Session
  /** Gives images as they came: one that cannot be read must not cost the page. */
  readonly api: DigitalOceanApi
}

const toNumber = (text: string): number | null =>
  /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null

const SLUG = /^[a-z0-9][a-z0-9._-]{0,254}$/i

/** Runs `call` with the number of an image or action; anything else is `NotFound`, without a request. */
const withNumber = <A>(
  { session }: Context,
  operation: string,
  kind: 'image' | 'operation',
  id: string,
  { signal }: Abortable,
  call: (id: number, site: ErrorSite) => ImageResult<A>,
): ImageResult<A> => {
  const site = createErrorSite(session.cloud, operation)
  const number = toNumber(id)
  return async () => {
    if (signal?.aborted === true) return E.left(aborted(site))
    if (number === null)
      return E.left(notFound(site, { what: `${kind} ${id} not found`, hint: 'IDs at DigitalOcean are numbers' }))
    return call(number, site)()
  }
}

const reading = (
  { session: { cloud } }: Context,
  record: unknown,
  pointer: string,
): E.Either<RejectedRecord, ReadResult> =>
  digitaloceanReader.read(record, { cloud: cloud.cloud, region: cloud.region, pointer })

/** The one image that a response holds. */
const imageIn = (context: Context, operation: string, record: unknown): E.Either<ImageError, Image> =>
  pipe(
    reading(context, record, '/image'),
    E.bimap(
      ({ issues }): ImageError =>
        decodeFailed(createErrorSite(context.session.cloud, operation), {
          what: 'the image is not as the API documents it',
          issues,
        }),
      ({ image }) => image,
    ),
  )

const getImage = (
  context: Context,
  operation: string,
  id: number | string,
  { signal }: Abortable,
): ImageResult<Image> =>
  pipe(
    context.api.images.get(id, { operation, signal }),
    TE.flatMapEither((record) => imageIn(context, operation, record)),
  )

const get =
  (context: Context): ImageSource['get'] =>
  (id, { signal } = {}) => {
    // Only public images have slugs, and no slug is a number.
    if (toNumber(id) === null && /[a-z]/i.test(id) && SLUG.test(id)) return getImage(context, 'get', id, { signal })
    return withNumber(context, 'get', 'image', id, { signal }, (number) => getImage(context, 'get', number, { signal }))
  }

/** The part of a query that the API can filter by. It may give more than was asked for, never less. */
const parametersOf = ({ tags, visibility }: Query): ImageListParameters => {
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
    const page = cursor === null ? 1 : toNumber(cursor)
    if (page === null)
      return TE.left(
        rejected(createErrorSite(context.session.cloud, operation), {
          what: 'the cursor does not belong to this listing',
        }),
      )
    const wanted = pickFilters(query, declared.filters)
    const fits = createMatcher(wanted)
    const per_page = Math.min(LARGEST_PAGE, Math.max(1, Math.floor(pageSize)))
    return pipe(
      context.api.images.list({ ...parametersOf(wanted), page, per_page }, { operation, signal }),
      TE.map(({ images, links }): Page => {
        const items: Image[] = []
        const unread: RejectedRecord[] = []
        const drift: Drift[] = []
        for (const [index, record] of images.entries()) {
          const read = reading(context, record, `/images/${index}`)
          if (E.isLeft(read)) unread.push(read.left)
          else {
            if (fits(read.right.image)) items.push(read.right.image)
            drift.push(...read.right.drift)
          }
        }
        return {
          items,
          rejected: unread,
          drift,
          next: typeof links?.pages?.next === 'string' ? String(page + 1) : null,
        }
      }),
    )
  }

const unsupportedField = (changes: ImageChanges): string | undefined =>
  (Object.keys(changes) as (keyof ImageChanges)[]).find(
    (field) => changes[field] !== undefined && !declared.changes.includes(field),
  )

const badTag = (tags: readonly string[]): string | undefined =>
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
    const field = unsupportedField(changes)
    if (field !== undefined)
      return TE.left(
        unsupported(createErrorSite(context.session.cloud, operation), {
          what: `DigitalOcean cannot change the ${field} of an image`,
          capability: operation,
        }),
      )
    return withNumber(context, operation, 'image', id, call, (number, site) =>
      pipe(
        getImage(context, operation, number, call),
        TE.flatMap((image): ImageResult<Image> => {
          const tags = changes.tags === undefined ? image.tags : applyTagChanges(image.tags, changes.tags)
          const added = tags.filter((tag) => !image.tags.includes(tag))
          const removed = image.tags.filter((tag) => !tags.includes(tag))
          const bad = badTag(added)
          if (bad !== undefined)
            return TE.left(
              rejected(site, {
                what: `a tag can have up to ${LONGEST_TAG} letters, digits, colons, dashes and underscores: not ${JSON.stringify(bad)}`,
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
          rejected(site, { what: 'DigitalOcean transfers an image to one region at a time', hint: 'Name one region' }),
        )
      return pipe(
        context.api.images.act(number, { type: 'transfer', region }, { operation: 'copyToStore', signal }),
        TE.map(toOperation),
      )
    })

/** All actions from a page on. */
const actionsFrom = (
  { api }: Context,
  id: number,
  page: number,
  signal: Abortable['signal'],
): ImageResult<readonly DigitalOceanAction[]> =>
  pipe(
    api.images.actions(id, { page, per_page: LARGEST_PAGE }, { operation: 'operations', signal }),
    TE.flatMap(({ actions, links }) =>
      // An empty page ends the list, whatever its links say: it could go on for ever.
      typeof links?.pages?.next !== 'string' || actions.length === 0
        ? TE.right(actions)
        : pipe(
            actionsFrom({ api } as Context, id, page + 1, signal),
            TE.map((rest) => [...actions, ...rest]),
          ),
    ),
  )

const operations =
  (context: Context): Method<'operations'> =>
  (id, { signal } = {}) =>
    withNumber(context, 'operations', 'image', id, { signal }, (number) =>
      pipe(
        actionsFrom(context, number, 1, signal),
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
  const context: Context = { session, api: createApi(session, t.unknown) }
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
