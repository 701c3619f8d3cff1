import { decodeFailed, rejected, type ImageSource, type ServerImage } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { findNewLabelProblem } from '../requests/labels.ts'
import { readOperation, withId, type SourceContext } from './context.ts'

export const createFromServer =
  (context: SourceContext): NonNullable<ImageSource['createFromServer']> =>
  ({ serverId, name, description, kind, labels }, { signal } = {}) => {
    const operation = 'createFromServer'
    return withId(context, { operation, kind: 'server', id: serverId, signal }, (number, site) => {
      if (name !== undefined)
        return TE.left(
          rejected(site, {
            what: 'images of servers have no name at Hetzner',
            hint: 'Use a description or labels instead',
          }),
        )
      const problem = findNewLabelProblem(labels)
      if (problem !== null) return TE.left(rejected(site, { what: problem, hint: 'Correct the labels' }))
      return pipe(
        context.servers.createImage(number, { type: kind, description, labels }, { operation, signal }),
        TE.flatMap(({ image: { image }, action }) =>
          action === null
            ? TE.left(
                decodeFailed(site, {
                  what: `image ${image.ref.id} is being created, but the response contains no action`,
                  hint: 'Check the operations of that image',
                  issues: [],
                }),
              )
            : TE.right<never, ServerImage>({ image, operation: readOperation(context)(action) }),
        ),
      )
    })
  }
