import type { ImageSource } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import { withId, type SourceContext } from './context.ts'
import { explainingRefusal } from './refusal.ts'

export const deleteImage =
  (context: SourceContext): NonNullable<ImageSource['delete']> =>
  (id, { signal } = {}) => {
    const options = { operation: 'delete', signal }
    return withId(context, { kind: 'image', id, ...options }, (number) =>
      pipe(context.images.remove(number, options), explainingRefusal(context, number, options)),
    )
  }
