import { decodeFailed, rejected, type ImageSource, type ServerImage } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { newLabelProblem } from '../requests/labels.ts'
import { readOperation, withId, type SourceContext } from './context.ts'

export const createFromServer =
  (context: SourceContext): NonNullable<ImageSource['createFromServer']> =>
  ({ serverId, name, description, kind, labels }, { signal } = {}) => {
    const operation = 'createFromServer'
    return withId(context, { operation, kind: 'server', id: serverId, signal }, (number, site) => {
      if (name !== undefined)
        return TE.left(
          rejected(site, {
            what: 'an image of a server has no name at Hetzner',
            hint: 'Give a description, or labels',
          }),
        )
      const problem = newLabelProblem(labels)
      if (problem !== null) return TE.left(rejected(site, { what: problem }))
      return pipe(
        context.servers.createImage(number, { type: kind, description, labels }, { operation, signal }),
        TE.flatMap(({ image: { image }, action }) =>
          action === null
            ? TE.left(
                decodeFailed(site, {
                  what: `image ${image.ref.id} is being made, but the answer names no action`,
                  hint: 'See the operations of that image',
                  issues: [],
                }),
              )
            : TE.right<never, ServerImage>({ image, operation: readOperation(context)(action) }),
        ),
      )
    })
  }
