import type { ImageResult } from '@imago/core/provider'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/images/{id}/actions`. Repeating an action succeeds; an image without data is `Conflict`. */
export interface ActionsApi {
  readonly deactivate: (imageId: string, options?: CallOptions) => ImageResult<void>
  readonly reactivate: (imageId: string, options?: CallOptions) => ImageResult<void>
}

export const actionsApi = (caller: Caller): ActionsApi => {
  const act =
    (action: 'deactivate' | 'reactivate') =>
    (imageId: string, options?: CallOptions): ImageResult<void> =>
      caller.done(
        {
          name: `actions.${action}`,
          method: 'POST',
          path: ['v2', 'images', imageId, 'actions', action],
          idempotent: true,
          subject: imageSubject(imageId),
        },
        options,
      )
  return { deactivate: act('deactivate'), reactivate: act('reactivate') }
}
