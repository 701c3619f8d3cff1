import {
  conflict,
  forbidden,
  notFound,
  rejected,
  type ErrorSite,
  type ImageError,
  type ImageShare,
  type ShareRequest,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { isOwn, type Project } from './access.ts'
import type { Shares, Stored } from './store.ts'

const STATUS = { invite: 'pending', accept: 'accepted', decline: 'declined' } as const

/** Returns all shares to the owner, and to other projects only their own. */
export const sharesFor = (stored: Stored, project: Project): readonly ImageShare[] => {
  if (stored.image.visibility !== 'shared') return []
  return [...stored.shares]
    .map(([invited, status]) => ({ project: invited, status }))
    .filter((share) => isOwn(stored, project) || share.project === project)
}

/** Default: the caller's own project. */
const readProject = ({ project }: ShareRequest, asking: Project): string => project ?? asking ?? ''

const refusal = (site: ErrorSite, stored: Stored, request: ShareRequest, asking: Project): ImageError | null => {
  const { id } = stored.image.ref
  const { action } = request
  const project = readProject(request, asking)
  const isOwners = action === 'invite' || action === 'withdraw'
  if (isOwners && !isOwn(stored, asking))
    return forbidden(site, { what: `image ${id} belongs to another project`, reason: 'owner' })
  if (!isOwners && asking !== project)
    return forbidden(site, { what: 'only the invited project itself accepts or declines', reason: 'member' })
  if (project === '') return rejected(site, { what: 'empty project ID' })
  if (stored.image.visibility !== 'shared')
    return forbidden(site, {
      what: `image ${id} is ${stored.image.visibility}`,
      hint: 'Set its visibility to shared',
      reason: 'visibility',
    })
  if (action === 'invite')
    return stored.shares.has(project) ? conflict(site, { what: `image ${id} is shared with ${project} already` }) : null
  return stored.shares.has(project) ? null : notFound(site, { what: `image ${id} is not shared with ${project}` })
}

/** Returns the shares of an image after a `request` of the project `asking`. */
export const shared = (
  site: ErrorSite,
  stored: Stored,
  request: ShareRequest,
  asking: Project,
): E.Either<ImageError, Shares> => {
  const refused = refusal(site, stored, request, asking)
  if (refused !== null) return E.left(refused)
  const { action } = request
  const project = readProject(request, asking)
  const others = [...stored.shares].filter(([one]) => one !== project)
  return E.right(new Map(action === 'withdraw' ? others : [...others, [project, STATUS[action]]]))
}
