import type { Query } from '@imago/core/provider'
import type { Stored } from './memory-store.ts'

/** Who asks; `null`: who may do everything. */
export type Project = string | null

export const isOwn = ({ image }: Stored, project: Project): boolean =>
  project === null || image.owner === null || image.owner === project

const shareOf = ({ image, shares }: Stored, project: Project): 'pending' | 'accepted' | 'declined' | null =>
  image.visibility !== 'shared' || project === null ? null : (shares.get(project) ?? null)

/** Whether `get` gives the image. */
export const isVisible = (stored: Stored, project: Project): boolean =>
  isOwn(stored, project) ||
  !['private', 'shared'].includes(stored.image.visibility) ||
  shareOf(stored, project) !== null

/** Whether lists have the image: those that ask for a visibility have all that is visible; others leave out what is not meant for this project, or not yet accepted. */
export const isListed = (stored: Stored, project: Project, { visibility }: Query): boolean => {
  if (visibility !== undefined) return isVisible(stored, project)
  return (
    isOwn(stored, project) ||
    !['private', 'shared', 'community'].includes(stored.image.visibility) ||
    shareOf(stored, project) === 'accepted'
  )
}
