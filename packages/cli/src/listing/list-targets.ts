import { pages, type ImageError, type Page, type PagesOptions } from '@imago/core'
import type { ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { resolveQuery, type Selection } from './query-options.ts'
import { inOrder } from './in-order.ts'

/** The number of images held for clouds that are not yet printed. Clouds with more pause until it is their turn. */
const MOST_HELD = 10_000

/** A page of a target, or the error that ended its listing. */
export interface TargetPage {
  readonly target: ProviderCloud
  readonly page: E.Either<ImageError, Page>
}

async function* listPages(
  live: LiveContext,
  target: ProviderCloud,
  selection: Selection,
  options: PagesOptions,
): AsyncGenerator<TargetPage, void, undefined> {
  const opened = await live.open(target)
  if (E.isLeft(opened)) return yield { target, page: opened }
  const query = await resolveQuery(opened.right, selection, options)()
  if (E.isLeft(query)) return yield { target, page: query }
  for await (const page of pages(opened.right, query.right, options)) yield { target, page }
}

/**
 * Lists all targets concurrently, and yields pages in the order of the targets and of the provider. Requests start at once; targets after the first
 * pause when together they hold 10,000 images. An error ends the listing of its target only.
 */
export const listTargets = (
  live: LiveContext,
  targets: readonly ProviderCloud[],
  selection: Selection,
  options: PagesOptions,
): AsyncGenerator<TargetPage, void, undefined> => {
  const listings = inOrder(
    targets.map((target) => listPages(live, target, selection, options)),
    {
      measure: ({ page }) => (E.isLeft(page) ? 1 : 1 + page.right.items.length + page.right.rejected.length),
      mostHeld: MOST_HELD,
    },
  )
  return (async function* () {
    for await (const { value } of listings) yield value
  })()
}
