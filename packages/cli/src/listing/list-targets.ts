import { pages, type ImageError, type Page, type PagesOptions } from '@imago/core'
import type { ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { resolveQuery, type Selection } from './query-options.ts'
import { inOrder } from './in-order.ts'

/** How many images may wait for those of the clouds before them. A cloud with more goes on when they are printed. */
const MOST_HELD = 10_000

/** A page of one target, or why it gives no more. */
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
 * The pages of all targets, which are all asked at the same time: in the order of the targets, and then of the provider. They are asked at once, before
 * anybody takes a page; those after the first, until together they hold 10,000 images. A failure is the last of its target, and costs the others nothing.
 */
export const listTargets = (
  live: LiveContext,
  targets: readonly ProviderCloud[],
  selection: Selection,
  options: PagesOptions,
): AsyncGenerator<TargetPage, void, undefined> => {
  const asked = inOrder(
    targets.map((target) => listPages(live, target, selection, options)),
    {
      measure: ({ page }) => (E.isLeft(page) ? 1 : 1 + page.right.items.length + page.right.rejected.length),
      mostHeld: MOST_HELD,
    },
  )
  return (async function* () {
    for await (const { value } of asked) yield value
  })()
}
