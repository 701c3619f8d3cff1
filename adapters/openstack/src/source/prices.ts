import type { ImageSource, Prices } from '@imago/core/provider'
import { unlessAborted } from '@imago/provider-kit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createSite, type SourceContext } from './context.ts'

/** The prices of the configuration. Sends no request. */
export const prices =
  (context: SourceContext, configured: Prices): NonNullable<ImageSource['prices']> =>
  (options = {}) =>
    unlessAborted(createSite(context, 'prices'), options, TE.right(configured))
