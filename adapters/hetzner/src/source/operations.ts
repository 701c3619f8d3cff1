import type { ImageSource, Operation } from '@imago/core/provider'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { LARGEST_PAGE } from '../capabilities.ts'
import { collect } from './collect.ts'
import { readOperation, withId, type SourceContext } from './context.ts'

/** The newest first. */
export const operations =
  (context: SourceContext): NonNullable<ImageSource['operations']> =>
  (id, { signal } = {}) =>
    withId(context, { operation: 'operations', kind: 'image', id, signal }, (number, site) =>
      pipe(
        collect(site, 'actions', (page) =>
          context.images.actions(
            number,
            { sort: ['id:desc'], page, per_page: LARGEST_PAGE },
            { operation: 'operations', signal },
          ),
        ),
        TE.map((actions): readonly Operation[] => actions.map(readOperation(context))),
      ),
    )

export const operation =
  (context: SourceContext): NonNullable<ImageSource['operation']> =>
  (id, { signal } = {}) =>
    withId(context, { operation: 'operation', kind: 'operation', id, signal }, (number) =>
      pipe(context.actions.get(number, { operation: 'operation', signal }), TE.map(readOperation(context))),
    )
