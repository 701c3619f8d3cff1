import {
  configInvalid,
  notFound,
  type Abortable,
  type ImageResult,
  type ImageError,
  type ImageShare,
  type ShareRequest,
} from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import type { GlanceMember } from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toCallOptions, createSite, withId, type SourceContext } from './context.ts'
import { findProjectId } from './projects.ts'

/** Glance's member statuses. */
const STATUS: ReadonlyMap<string, ImageShare['status']> = new Map([
  ['pending', 'pending'],
  ['accepted', 'accepted'],
  ['rejected', 'declined'],
])

export const toShare = ({ member_id, status }: GlanceMember): ImageShare => ({
  project: member_id,
  status: STATUS.get(status ?? '') ?? 'unknown',
})

const listShares = (
  context: SourceContext,
  operation: string,
  id: string,
  options: Abortable,
): ImageResult<readonly ImageShare[]> =>
  pipe(
    context.api.members.list(id, toCallOptions(operation, options)),
    TE.map(({ items }) => items.map(toShare)),
  )

/** Only images of visibility `shared` have members; Glance rejects the request for others. */
export const shares =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): ImageResult<readonly ImageShare[]> =>
    withId(
      context,
      'shares',
      options,
    )(id, pipe(listShares(context, 'shares', id, options), recoverFrom<readonly ImageShare[]>(['Conflict'], [])))

/** The project of the token. */
const ownProject = (context: SourceContext, options: Abortable): ImageResult<string> =>
  pipe(
    context.session.identity(options),
    TE.flatMap(({ project }) => {
      const id = project?.id ?? null
      return id === null
        ? TE.left(
            configInvalid(createSite(context, 'share'), {
              what: 'these credentials have no project, so no image can be shared with it',
              hint: 'Configure a project for this cloud, as project_id in clouds.yaml or as OS_PROJECT_ID',
            }),
          )
        : TE.right(id)
    }),
  )

const notShared = ({ provider, cloud, operation, request }: ImageError, project: string): ImageError =>
  notFound(
    { provider, cloud, operation, request },
    { what: `the image is not shared with project ${project}`, hint: 'Ask its owner to share it with this project' },
  )

const act = (context: SourceContext, id: string, request: ShareRequest, options: Abortable): ImageResult<unknown> => {
  const { members } = context.api
  const call = toCallOptions('share', options)
  switch (request.action) {
    case 'invite':
      return members.add(id, request.project, call)
    case 'withdraw':
      return members.remove(id, request.project, call)
    case 'accept':
    case 'decline': {
      const status = request.action === 'accept' ? 'accepted' : 'rejected'
      const project = request.project === undefined ? ownProject(context, options) : TE.right(request.project)
      return pipe(
        project,
        TE.flatMap((own) =>
          pipe(
            members.update(id, own, status, call),
            // The caller has read the image, so that only the share can be missing.
            TE.mapLeft((error): ImageError => (error._tag === 'NotFound' ? notShared(error, own) : error)),
          ),
        ),
      )
    }
  }
}

/** Resolves the project in the request to its ID. To withdraw a share, an existing member is used unresolved. */
const withProjectId = (
  context: SourceContext,
  id: string,
  request: ShareRequest,
  options: Abortable,
): ImageResult<ShareRequest> => {
  const { project } = request
  if (project === undefined) return TE.right(request)
  const members =
    request.action === 'withdraw'
      ? pipe(listShares(context, 'share', id, options), recoverFrom<readonly ImageShare[]>(['Conflict'], []))
      : TE.right([])
  return pipe(
    members,
    TE.flatMap((all) =>
      all.some((one) => one.project === project) ? TE.right(project) : findProjectId(context, project, options),
    ),
    TE.map((found): ShareRequest => ({ ...request, project: found })),
  )
}

const shareAs = (
  context: SourceContext,
  id: string,
  request: ShareRequest,
  options: Abortable,
): ImageResult<readonly ImageShare[]> => {
  const after = listShares(context, 'share', id, options)
  return pipe(
    act(context, id, request, options),
    TE.flatMap(() => after),
    TE.orElse((error): ImageResult<readonly ImageShare[]> => {
      if (error._tag !== 'Conflict') return TE.left(error)
      const unshared = {
        ...error,
        hint: 'Set the visibility of the image to shared first',
      }
      if (request.action !== 'invite') return TE.left(unshared)
      // The invitation already exists.
      return pipe(
        after,
        TE.mapLeft((failure): ImageError => (failure._tag === 'Conflict' ? unshared : failure)),
        TE.filterOrElse(
          (all) => all.some(({ project }) => project === request.project),
          (): ImageError => error,
        ),
      )
    }),
  )
}

export const share =
  (context: SourceContext) =>
  (id: string, given: ShareRequest, options: Abortable = {}): ImageResult<readonly ImageShare[]> =>
    withId(
      context,
      'share',
      options,
    )(
      id,
      pipe(
        withProjectId(context, id, given, options),
        TE.flatMap((request) => shareAs(context, id, request, options)),
      ),
    )
