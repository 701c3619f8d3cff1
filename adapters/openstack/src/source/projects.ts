import { ambiguous, notFound, type Abortable, type ImageResult, type ImageError } from '@imago/core/provider'
import { recoverFrom } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import type { ApiRequest } from '../requests/api-request.ts'
import { toCallOptions, createSite, type SourceContext } from './context.ts'

/** The required part of a project. Keystone: api-ref/source/v3/projects.inc. */
const Project = t.type({ id: t.string, name: t.string }, 'KeystoneProject')
type Project = t.TypeOf<typeof Project>

/** Keystone's project IDs are `uuid4().hex` (keystone: keystone/resource/controllers.py); other tools write them with dashes. */
const ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

const listProjects = (
  context: SourceContext,
  request: Pick<ApiRequest, 'path' | 'query'>,
  options: Abortable,
): ImageResult<readonly Project[]> =>
  pipe(
    context.caller.listed(
      'projects',
      Project,
      { service: 'keystone', name: 'projects.list', method: 'GET', ...request },
      toCallOptions('share', options),
    ),
    TE.map(({ items }) => items),
    // Only operators may list all projects.
    recoverFrom<readonly Project[]>(['Forbidden', 'NotFound', 'ConfigInvalid', 'Rejected'], []),
  )

/**
 * Finds a project ID by ID or name, among the user's projects and, if permitted, all projects.
 * Glance accepts any text as a member, so an unresolved name would share the image with no project.
 */
export const findProjectId = (context: SourceContext, word: string, options: Abortable): ImageResult<string> => {
  if (ID.test(word)) return TE.right(word)
  return pipe(
    TE.Do,
    TE.bind('own', () => listProjects(context, { path: ['auth', 'projects'] }, options)),
    TE.bind('all', () => listProjects(context, { path: ['projects'], query: [['name', word]] }, options)),
    TE.flatMapEither(({ own, all }): E.Either<ImageError, string> => {
      const known = [...own, ...all]
      if (known.some(({ id }) => id === word)) return E.right(word)
      const ids = [...new Set(known.filter(({ name }) => name === word).map(({ id }) => id))]
      const [first, second] = ids
      const site = createSite(context, 'share')
      if (first === undefined)
        return E.left(
          notFound(site, {
            what: `project not found: ${word}`,
            hint: 'Use the ID of the project: openstack project show prints it',
          }),
        )
      return second === undefined
        ? E.right(first)
        : E.left(
            ambiguous(site, {
              what: `several projects have the name ${word}: ${ids.join(', ')}`,
              hint: 'Use the ID of one of them',
              candidates: [],
            }),
          )
    }),
  )
}
