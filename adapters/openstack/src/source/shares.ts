import type { Abortable, Answer, ImageError, ImageShare, ShareRequest } from '@imago/core'
import type { GlanceMember } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { callOf, insteadOf, withId, type SourceContext } from './context.ts'

/** Glance's words for what the other project made of the offer. */
const STATUS: ReadonlyMap<string, ImageShare['status']> = new Map([
  ['pending', 'pending'],
  ['accepted', 'accepted'],
  ['rejected', 'declined'],
])

export const toShare = ({ member_id, status }: GlanceMember): ImageShare => ({ project: member_id, status: STATUS.get(status ?? '') ?? 'unknown' })

const sharesOf = (context: SourceContext, operation: string, id: string, options: Abortable): Answer<readonly ImageShare[]> =>
  pipe(
    context.api.members.list(id, callOf(operation, options)),
    TE.map(({ items }) => items.map(toShare)),
  )

/** Only an image of visibility `shared` has members: of any other Glance refuses to list them, and there are none. */
export const shares =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): Answer<readonly ImageShare[]> =>
    withId(context, 'shares', options)(
      id,
      pipe(sharesOf(context, 'shares', id, options), insteadOf<readonly ImageShare[]>(['Conflict'], [])),
    )

const act = (context: SourceContext, id: string, { action, project }: ShareRequest, options: Abortable): Answer<unknown> => {
  const { members } = context.api
  const call = callOf('share', options)
  switch (action) {
    case 'invite':
      return members.add(id, project, call)
    case 'withdraw':
      return members.remove(id, project, call)
    case 'accept':
      return members.update(id, project, 'accepted', call)
    case 'decline':
      return members.update(id, project, 'rejected', call)
  }
}

export const share =
  (context: SourceContext) =>
  (id: string, request: ShareRequest, options: Abortable = {}): Answer<readonly ImageShare[]> => {
    const after = sharesOf(context, 'share', id, options)
    return withId(context, 'share', options)(
      id,
      pipe(
        act(context, id, request, options),
        TE.flatMap(() => after),
        TE.orElse((error): Answer<readonly ImageShare[]> => {
          if (error._tag !== 'Conflict') return TE.left(error)
          const unshared = { ...error, hint: 'Only an image of visibility shared can be shared with a project: set that first' }
          if (request.action !== 'invite') return TE.left(unshared)
          // An invitation that stands already is what was asked for.
          return pipe(
            after,
            TE.mapLeft((failure): ImageError => (failure._tag === 'Conflict' ? unshared : failure)),
            TE.filterOrElse(
              (all) => all.some(({ project }) => project === request.project),
              (): ImageError => error,
            ),
          )
        }),
      ),
    )
  }
