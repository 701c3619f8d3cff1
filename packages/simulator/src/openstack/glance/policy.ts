import type { Token } from '../keystone/tokens.ts'
import { getProject } from '../keystone/tokens.ts'
import type { StoredImage } from './image.ts'
import { noImage, notAuthorized } from './refusal.ts'
import type { GlanceState } from './state.ts'

/** The user and project of a request. */
export interface Caller {
  readonly userId: string
  readonly project: string | null
  readonly isAdmin: boolean
  /** Whether the caller may write. */
  readonly isMember: boolean
  readonly isReader: boolean
}

export const toCaller = (token: Token): Caller => ({
  userId: token.user.id,
  project: getProject(token)?.id ?? null,
  isAdmin: token.roles.includes('admin'),
  isMember: token.roles.includes('member'),
  isReader: token.roles.includes('reader'),
})

export const owns = (caller: Caller, image: StoredImage): boolean =>
  image.owner !== null && image.owner === caller.project

export const findMembership = (
  caller: Caller,
  image: StoredImage,
): StoredImage['members'] extends ReadonlyMap<string, infer M> ? M | undefined : never =>
  image.visibility === 'shared' && caller.project !== null ? image.members.get(caller.project) : undefined

/** A shared image is visible to a project before it accepts the share; only lists leave it out. */
export const isVisible = (caller: Caller, image: StoredImage): boolean =>
  caller.isAdmin ||
  image.owner === null ||
  owns(caller, image) ||
  image.visibility === 'public' ||
  image.visibility === 'community' ||
  findMembership(caller, image) !== undefined

/** Returns the image if it is visible to the caller. */
export const requireVisibleImage = (state: GlanceState, caller: Caller, id: string): StoredImage => {
  const image = state.images.get(id)
  if (image === undefined || !isVisible(caller, image)) throw noImage(id)
  if (!caller.isReader) throw notAuthorized('get_image')
  return image
}

/** Refuses callers other than admins and members of the owning project. */
export const requireOwner = (caller: Caller, image: StoredImage, policy: string): void => {
  if (!caller.isAdmin && !(caller.isMember && owns(caller, image))) throw notAuthorized(policy)
}

export const requireMember = (caller: Caller, policy: string): void => {
  if (!caller.isMember) throw notAuthorized(policy)
}

export const requireAdmin = (caller: Caller, policy: string): void => {
  if (!caller.isAdmin) throw notAuthorized(policy)
}
