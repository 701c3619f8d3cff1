import type { StoredImage } from './image.ts'
import { requireOwner, requireVisibleImage, isVisible, type Caller } from './policy.ts'
import { imageNotFound, noResource, refuse } from './refusal.ts'
import { update, type GlanceState } from './state.ts'
import { validateImage } from './validate.ts'

export const deleteImage = (state: GlanceState, caller: Caller, id: string): void => {
  const image = state.images.get(id)
  if (image === undefined || !isVisible(caller, image)) throw refuse(404, `Failed to find image ${id} to delete`)
  requireOwner(caller, image, 'delete_image')
  if (image.protected) throw refuse(403, `Image ${id} is protected and cannot be deleted.`)
  state.images.delete(id)
  state.deleted.add(id)
}

const TRANSITIONS = {
  deactivate: { from: 'active', to: 'deactivated' },
  reactivate: { from: 'deactivated', to: 'active' },
} as const

/** Idempotent. */
export const changeActivity = (
  state: GlanceState,
  caller: Caller,
  id: string,
  action: keyof typeof TRANSITIONS,
): void => {
  const image = requireVisibleImage(state, caller, id)
  requireOwner(caller, image, action)
  const { from, to } = TRANSITIONS[action]
  if (image.status === to) return
  if (image.status !== from) throw refuse(403, `Not allowed to ${action} image in status '${image.status}'`)
  update(state, id, { status: to })
}

/** WSGI decodes the path as latin-1: a UTF-8 tag is stored as mojibake. Only PATCH stores non-ASCII tags correctly. */
export const latin1 = (part: string): string => Buffer.from(part, 'utf8').toString('latin1')

const taggedImage = (state: GlanceState, caller: Caller, id: string): StoredImage => {
  const found = state.images.get(id)
  if (found === undefined || !isVisible(caller, found)) throw imageNotFound(id)
  const image = requireVisibleImage(state, caller, id)
  requireOwner(caller, image, 'modify_image')
  return image
}

export const addTag = (state: GlanceState, caller: Caller, id: string, tag: string): void => {
  validateImage(state.schema, { tags: [tag] })
  const image = taggedImage(state, caller, id)
  const tags = [...new Set([...image.tags, tag])]
  if (tags.length > state.quotas.tags) {
    throw refuse(
      413,
      `Image tag limit exceeded for image ${id}: The limit has been exceeded on the number of allowed image tags. Attempted: ${tags.length}, Maximum: ${state.quotas.tags}:`,
    )
  }
  update(state, id, { tags })
}

export const removeTag = (state: GlanceState, caller: Caller, id: string, tag: string): void => {
  const image = taggedImage(state, caller, id)
  if (!image.tags.includes(tag)) throw noResource()
  update(state, id, { tags: image.tags.filter((each) => each !== tag) })
}

/** DELETE /v2/stores/{store}/{image} */
export const deleteFromStore = (state: GlanceState, caller: Caller, store: string, id: string): void => {
  if (state.stores.every((each) => each.id !== store))
    throw refuse(409, `The selected store ${store} is not available on this node.`)
  const found = state.images.get(id)
  if (found === undefined || !isVisible(caller, found)) throw refuse(404, `Failed to find image ${id}`)
  const image = requireVisibleImage(state, caller, id)
  if (!caller.isAdmin) throw refuse(403, 'You are not authorized to complete delete_image_location action.')
  if (image.status !== 'active')
    throw refuse(409, "It's not allowed to remove image data from store if image status is not 'active'")
  if (image.locations.length === 1)
    throw refuse(
      403,
      'Cannot delete image data from the only store containing it. Consider deleting the image instead.',
    )
  if (image.locations.every((each) => each.store !== store))
    throw refuse(404, `Image ${id} is not stored in store ${store}.`)
  update(state, id, { locations: image.locations.filter((each) => each.store !== store) })
}
