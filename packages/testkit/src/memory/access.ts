import type { Query } from '@imago/core/provider'
import type { Stored } from './store.ts'

/** The project of the caller; `null`: an administrator. */
export type Project = string | null

export const isOwn = ({ image }: Stored, project: Project): boolean =>
  project === null || image.owner === null || image.owner === project

const findShare = ({ image, shares }: Stored, project: Project): 'pending' | 'accepted' | 'declined' | null =>
  image.visibility !== 'shared' || project === null ? null : (shares.get(project) ?? null)

/** Whether `get` returns the image. */
export const isVisible = (stored: Stored, project: Project): boolean =>
  isOwn(stored, project) ||
  !['private', 'shared'].includes(stored.image.visibility) ||
  findShare(stored, project) !== null

/**
 * Whether lists include the image. A query for a visibility includes every visible image; the default leaves out images that are not meant for this
 * project, or not yet accepted.
 */
export const isListed = (stored: Stored, project: Project, { visibility }: Query): boolean => {
  if (visibility !== undefined) return isVisible(stored, project)
  return (
    isOwn(stored, project) ||
    !['private', 'shared', 'community'].includes(stored.image.visibility) ||
    findShare(stored, project) === 'accepted'
  )
}
