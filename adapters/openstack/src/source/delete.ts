import type { Abortable, ImageResult } from '@imago/core/provider'
import { toCallOptions, withId, type SourceContext } from './context.ts'

export const deleteImage =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): ImageResult<void> =>
    withId(context, 'delete', options)(id, context.api.images.remove(id, toCallOptions('delete', options)))
