import type { ImageResult } from '@imago/core/provider'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/stores`: the copies of an image's data in stores. */
export interface StoresApi {
  /** Deletes the copy in one store; by default for admins. `Conflict` for the last copy and for an unknown store. */
  readonly removeImage: (store: string, imageId: string, options?: CallOptions) => ImageResult<void>
}

export const storesApi = (caller: Caller): StoresApi => ({
  removeImage: (store, imageId, options) =>
    caller.done(
      {
        name: 'stores.removeImage',
        method: 'DELETE',
        path: ['v2', 'stores', store, imageId],
        subject: `image ${imageId} in store ${store}`,
      },
      options,
    ),
})
