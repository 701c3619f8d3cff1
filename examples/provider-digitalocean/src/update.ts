import {
  applyTagChanges,
  createErrorSite,
  rejected,
  waitFor,
  type Abortable,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageResult,
} from '@imago/core/provider'
import { refuseUnsupportedChange } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { declared, LONGEST_TAG, TAG } from './capabilities.ts'
import { getImage, withNumber, type Context, type Method } from './context.ts'
import { toOperation } from './operation.ts'

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
export const update =
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
