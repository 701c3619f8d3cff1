import { pages, type ImageError, type Page, type PagesOptions } from '@imago/core'
import type { ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { LiveContext } from '../live.ts'
import { resolveQuery, type Selection } from './query-options.ts'
import { inOrder } from './in-order.ts'
import { createUsageFilter, readFacts, withUsage, type ObservedFacts, type ObservedPart } from './usage-selection.ts'

/** The number of images held for clouds that are not yet printed. Clouds with more pause until it is their turn. */
const MAX_HELD_IMAGES = 10_000

/** A page of a target, or the error that ended its listing. */
export interface TargetPage {
  readonly target: ProviderCloud
  readonly page: E.Either<ImageError, Page>
  /** What was read in addition, the same for all pages of the target; `null`: the target could not be opened. */
  readonly facts: ObservedFacts | null
  /** The number of images of the page, before the selection by usage, that other projects can use, so that their usage is unknown. */
  readonly unknown: number
}

export interface ListTargetsOptions extends PagesOptions {
  /** What to read in addition to images. A selection by usage reads usage in any case. */
  readonly parts?: readonly ObservedPart[] | undefined
}

async function* listPages(
  live: LiveContext,
  target: ProviderCloud,
  selection: Selection,
  { parts = [], limit, ...options }: ListTargetsOptions,
): AsyncGenerator<TargetPage, void, undefined> {
  const opened = await live.open(target)
  if (E.isLeft(opened)) return yield { target, page: opened, facts: null, unknown: 0 }
  const query = await resolveQuery(opened.right, selection, options)()
  if (E.isLeft(query)) return yield { target, page: query, facts: null, unknown: 0 }
  const wanted = withUsage(selection, parts)
  const reading = readFacts(live, opened.right, wanted)
  // The limit counts selected images.
  const paging = { ...options, limit: selection.usage.length > 0 ? undefined : limit }
  for await (const page of pages(opened.right, query.right, paging)) {
    const facts = await reading
    if (E.isLeft(page) || facts.usage === null) {
      yield { target, page, facts, unknown: 0 }
      continue
    }
    const { isSelected, countUnknown } = createUsageFilter(facts.usage, selection.usage)
    const items = page.right.items.filter(isSelected)
    yield { target, page: E.right({ ...page.right, items }), facts, unknown: countUnknown() }
  }
}

/**
 * Lists all targets concurrently, and yields pages in the order of the targets and of the provider. Requests start at once; targets after the first
 * pause when together they hold 10,000 images. An error ends the listing of its target only.
 */
export const listTargets = (
  live: LiveContext,
  targets: readonly ProviderCloud[],
  selection: Selection,
  options: ListTargetsOptions,
): AsyncGenerator<TargetPage, void, undefined> => {
  const listings = inOrder(
    targets.map((target) => listPages(live, target, selection, options)),
    {
      measure: ({ page }) => (E.isLeft(page) ? 1 : 1 + page.right.items.length + page.right.rejected.length),
      maxHeld: MAX_HELD_IMAGES,
    },
  )
  return (async function* () {
    for await (const { value } of listings) yield value
  })()
}
