import {
  conflict,
  createErrorSite,
  forbidden,
  unsupported,
  type ImageChanges,
  type ImageSource,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { Caller } from './caller.ts'
import { shared, sharesFor } from './share.ts'
import type { MemoryState } from './state.ts'
import { changed } from './store.ts'

type ImageMethods = Pick<
  ImageSource,
  'update' | 'delete' | 'protect' | 'hide' | 'deactivate' | 'setVisibility' | 'shares' | 'share'
>

/** The methods that change an image's record. `changeable`: the fields that `update` can change. */
export const createImageMethods = (
  { cloud, images, write }: MemoryState,
  { project, onImage, onOwnImage }: Caller,
  changeable: readonly (keyof ImageChanges)[],
): ImageMethods => ({
  update: (id, changes, call = {}) =>
    onOwnImage('update', id, call, (stored) => {
      const foreign = Object.keys(changes).find((change) => !(changeable as readonly string[]).includes(change))
      return foreign === undefined
        ? E.right(write(stored, changed(stored.image, changes)))
        : E.left(
            unsupported(createErrorSite(cloud, 'update'), {
              what: `${foreign} cannot be changed`,
              capability: 'update',
            }),
          )
    }),
  delete: (id, call = {}) =>
    onOwnImage('delete', id, call, ({ image }) => {
      if (image.protected === true)
        return E.left(
          forbidden(createErrorSite(cloud, 'delete'), { what: `image ${id} is protected`, reason: 'protected' }),
        )
      images.delete(id)
      return E.right(undefined)
    }),
  protect: (id, isProtected, call = {}) =>
    onOwnImage('protect', id, call, (stored) => E.right(write(stored, { protected: isProtected }))),
  hide: (id, hidden, call = {}) => onOwnImage('hide', id, call, (stored) => E.right(write(stored, { hidden }))),
  deactivate: (id, isDeactivated, call = {}) =>
    onOwnImage('deactivate', id, call, (stored) =>
      stored.bytes === null
        ? E.left(conflict(createErrorSite(cloud, 'deactivate'), { what: `image ${id} has no data yet` }))
        : E.right(write(stored, { status: isDeactivated ? 'unavailable' : 'available' })),
    ),
  setVisibility: (id, visibility, call = {}) =>
    onOwnImage('setVisibility', id, call, (stored) => E.right(write(stored, { visibility }))),
  shares: (id, call = {}) => onImage('shares', id, call, (stored) => E.right(sharesFor(stored, project))),
  share: (id, request, call = {}) =>
    onImage('share', id, call, (stored) => {
      const after = shared(createErrorSite(cloud, 'share'), stored, request, project)
      if (E.isLeft(after)) return after
      images.set(id, { ...stored, shares: after.right })
      return E.right(sharesFor({ ...stored, shares: after.right }, project))
    }),
})
