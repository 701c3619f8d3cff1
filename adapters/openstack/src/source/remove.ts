import type { Abortable, Answer } from '@imago/core'
import { callOf, withId, type SourceContext } from './context.ts'

export const remove =
  (context: SourceContext) =>
  (id: string, options: Abortable = {}): Answer<void> =>
    withId(context, 'remove', options)(id, context.api.images.remove(id, callOf('remove', options)))
