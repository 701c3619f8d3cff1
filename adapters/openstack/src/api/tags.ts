import type { ImageResult } from '@imago/core/provider'
import { imageSubject } from '../requests/images.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/images/{id}/tags/{tag}`. Glance 25.1 stores the UTF-8 of a tag in the path as Latin-1 and does not find tags with a slash; set such tags with a patch. */
export interface TagsApi {
  /** Adding an existing tag succeeds. */
  readonly add: (imageId: string, tag: string, options?: CallOptions) => ImageResult<void>
  /** `NotFound` for a missing tag. */
  readonly remove: (imageId: string, tag: string, options?: CallOptions) => ImageResult<void>
}

export const tagsApi = (caller: Caller): TagsApi => ({
  add: (imageId, tag, options) =>
    caller.done(
      { name: 'tags.add', method: 'PUT', path: ['v2', 'images', imageId, 'tags', tag], subject: imageSubject(imageId) },
      options,
    ),
  remove: (imageId, tag, options) =>
    caller.done(
      {
        name: 'tags.remove',
        method: 'DELETE',
        path: ['v2', 'images', imageId, 'tags', tag],
        subject: `tag ${tag} of ${imageSubject(imageId)}`,
      },
      options,
    ),
})
