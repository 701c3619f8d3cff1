import type { AnyOf, NameLookupOptions } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../connect/chosen-targets.ts'
import { EXIT } from '../exit-code.ts'
import { listTargets } from '../listing/list-targets.ts'
import { checkSelection, givenSelection, parseSelection } from '../listing/query-options.ts'
import { reportUnknown, requireUsage } from '../listing/usage-selection.ts'
import { toProblem } from '../live-problem.ts'
import type { ChangedImagesOptions } from '../options/selection.ts'
import { Problem } from '../problem.ts'
import {
  openSource,
  parseImageAddress,
  providersFor,
  resolveImage,
  type FoundImage,
  type NameLookupFlags,
} from '../resolve-image.ts'
import type { WriteContext } from './write-context.ts'

/** Finds the named images, without duplicates. An image that is not found ends the command before any change. `first`: where to look up names first. */
export const resolveImages = async (
  context: WriteContext,
  words: readonly string[],
  named: { readonly arch?: AnyOf<string> | undefined },
  first?: NameLookupOptions['first'],
): Promise<readonly FoundImage[]> => {
  const options: NameLookupFlags = { arch: named.arch, first }
  const found: FoundImage[] = []
  for (const place of words.map(parseImageAddress)) {
    const one = await resolveImage(context, place, options)
    const isDuplicate = found.some(
      ({ image }) =>
        image.ref.id === one.image.ref.id &&
        image.ref.cloud === one.image.ref.cloud &&
        image.ref.region === one.image.ref.region &&
        image.ref.provider === one.image.ref.provider,
    )
    if (!isDuplicate) found.push(one)
  }
  return found
}

/** All images that the options select. If a cloud cannot be listed completely, the command ends: a part must not pass for all. */
const selectImages = async (context: WriteContext, options: ChangedImagesOptions): Promise<readonly FoundImage[]> => {
  checkSelection(options, context.timing.clock())
  const { targets, errors } = chosenTargets(context, options.cloud ?? [])
  const [error] = errors
  if (error !== undefined) throw toProblem(error)
  const selection = parseSelection(options, {
    now: context.timing.clock(),
    providers: providersFor(context, targets),
  })
  const found: FoundImage[] = []
  let others = 0
  for await (const listed of listTargets(context, targets, selection, { signal: context.signal })) {
    const { target, page, facts, unknown } = listed
    if (E.isLeft(page)) throw toProblem(page.left)
    const source = await openSource(context, target)
    const usage = facts?.usage ?? null
    if (usage !== null) requireUsage(source, usage)
    others += unknown
    if (page.right.items.length === 0) continue
    found.push(...page.right.items.map((image) => ({ target, source, image })))
  }
  reportUnknown(context.messages, others)
  await context.messages.end()
  return found
}

/** The images that a command changes: those that are named, or else those that the options select. `first`: where to look up names first. */
export const chooseImages = async (
  context: WriteContext,
  words: readonly string[],
  options: ChangedImagesOptions,
  first?: NameLookupOptions['first'],
): Promise<readonly FoundImage[]> => {
  const selecting = givenSelection(options)
  if (words.length > 0) {
    // The architecture distinguishes images of the same name.
    if (selecting.some((name) => name !== 'arch') || options.cloud !== undefined)
      throw new Problem('name images or select them by options, not both', EXIT.usage)
    return resolveImages(context, words, { arch: options.arch }, first)
  }
  if (selecting.length === 0)
    throw new Problem(
      'no image selected. Name images as [provider/]cloud[@region]:image, or select them with --name, --label, --older-than …',
      EXIT.usage,
    )
  // What looks up hidden images first by name selects them, too.
  const hidden = options.hidden ?? (first?.hidden === 'only' ? 'only' : undefined)
  const images = await selectImages(context, { ...options, hidden })
  if (images.length === 0)
    throw new Problem('no image matches the selection. Check the options that select images', EXIT.notFound)
  return images
}
