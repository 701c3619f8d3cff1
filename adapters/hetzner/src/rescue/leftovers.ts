import { toInstant } from '@imago/codec'
import {
  decodeFailed,
  createErrorSite,
  type ImageResult,
  type ErrorSite,
  type ImageSource,
  type OrphanedResource,
} from '@imago/core'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CallOptions } from '../api/call.ts'
import type { HetznerPage } from '../api/read.ts'
import { imageOf, withId } from '../source/context.ts'
import type { RescueContext } from './context.ts'
import { RUN } from '../transfer-labels.ts'
import { TEMPORARY_SELECTOR, type Labels } from './marks.ts'
import { removeRemnant } from './remove.ts'

interface Found {
  readonly id: number
  readonly name?: string | null | undefined
  readonly created?: string | null | undefined
  readonly labels?: Labels | null | undefined
}

const toLeftover =
  (kind: OrphanedResource['kind']) =>
  ({ id, name, created, labels }: Found): OrphanedResource => ({
    kind,
    id: String(id),
    name: name ?? null,
    run: labels?.[RUN] ?? '',
    createdAt: created === null || created === undefined ? null : (toInstant(created) ?? null),
  })

/** All pages of a list. */
const allOf = <A>(
  site: ErrorSite,
  list: (page: number) => ImageResult<HetznerPage<A>>,
  page = 1,
): ImageResult<readonly A[]> =>
  pipe(
    list(page),
    TE.flatMap(({ items, pagination }) => {
      const next = pagination.next_page ?? null
      if (next === null) return TE.right(items)
      if (next <= page)
        return TE.left(
          decodeFailed(site, {
            what: 'a list runs in circles',
            issues: [{ pointer: '/meta/pagination/next_page', expected: `more than ${page}`, got: String(next) }],
          }),
        )
      return pipe(
        allOf(site, list, next),
        TE.map((others) => [...items, ...others]),
      )
    }),
  )

export const leftovers =
  (context: RescueContext): NonNullable<ImageSource['orphans']> =>
  ({ signal } = {}) => {
    const options: CallOptions & { readonly operation: string } = { operation: 'orphans', signal }
    const site = createErrorSite(context.session.cloud, options.operation)
    const wanted = (page: number) => ({ label_selector: TEMPORARY_SELECTOR, page, per_page: 50 })
    return pipe(
      TE.Do,
      TE.bind('servers', () => allOf(site, (page) => context.servers.list(wanted(page), options))),
      TE.bind('keys', () => allOf(site, (page) => context.sshKeys.list(wanted(page), options))),
      TE.bind('images', () =>
        allOf(site, (page) => context.images.list({ ...wanted(page), type: ['snapshot'] }, options)),
      ),
      TE.map(({ servers, keys, images }) => [
        ...servers.map(toLeftover('server')),
        ...keys.map(toLeftover('ssh-key')),
        ...images
          .map(imageOf)
          .map(({ ref, name, createdAt, labels }) =>
            toLeftover('image')({ id: Number(ref.id), name, created: createdAt, labels }),
          ),
      ]),
    )
  }

/** Looks first whether it still has the labels of its run (`removeRemnant`): what someone made their own since is not touched. */
export const deleteOrphan =
  (context: RescueContext): NonNullable<ImageSource['deleteOrphan']> =>
  ({ kind, id, run }, { signal } = {}) => {
    const options = { operation: 'deleteOrphan', signal }
    return withId(context, { kind, id, ...options }, (number) =>
      pipe(
        removeRemnant(context, { kind, id: number, run }, options),
        TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(undefined) : TE.left(error))),
      ),
    )
  }
