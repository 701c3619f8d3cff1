import { createUsageLookup, type CloudObservation, type Image, type ImageSource } from '@imago/core'
import { formatCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { parseSelection, type Selection } from '../listing/query-options.ts'
import { printMessage } from '../message.ts'
import { createFreshObservation } from '../observing/fresh-observation.ts'
import { createSelector } from '../observing/observe-clouds.ts'
import { describeUsage } from '../observing/usage-text.ts'
import type { ChangedImagesOptions } from '../options/selection.ts'
import { describeImage, providersFor, type FoundImage } from '../resolve-image.ts'
import type { WriteContext } from './write-context.ts'

/** What a change does with an image: the change is not made if `refusesProtected` and the image is protected by then. */
export interface RecheckOptions {
  readonly refusesProtected: boolean
  /** The word of the message about an image that is not changed: `kept`, `unchanged`. */
  readonly outcome: 'kept' | 'unchanged'
}

interface Objection {
  /** The word of the message: an image that no longer exists is not kept, but skipped. */
  readonly outcome: RecheckOptions['outcome'] | 'skipped'
  /** Why the image is not to be changed: `now used by server web-1`. */
  readonly why: string
}

/** Why the image is not to be changed; `null`: it still is. */
const findObjection = async (
  context: WriteContext,
  source: ImageSource,
  observation: CloudObservation,
  { ref }: Image,
  selection: Selection,
  { refusesProtected, outcome }: RecheckOptions,
): Promise<Objection | null> => {
  const image = observation.images.items.find((one) => one.ref.id === ref.id)
  if (image === undefined) return { outcome: 'skipped', why: 'it no longer exists' }
  if (refusesProtected && image.protected === true) return { outcome, why: 'now protected' }
  const isSelected = await createSelector(context, { source, observation }, selection)
  if (isSelected(image)) return null
  const usage = createUsageLookup(observation)(image)
  if (usage.state !== 'unknown' && selection.usage.includes(usage.state)) return { outcome, why: 'no longer selected' }
  if (usage.state === 'used') return { outcome, why: `now used by ${describeUsage(usage) ?? 'another resource'}` }
  return { outcome, why: usage.state === 'unused' ? 'no longer used' : 'its usage is now unknown' }
}

/**
 * Changes images one after another until the signal aborts. If they are selected by usage, they are selected again before each change, because usage
 * changes while the user answers and while other images are changed: an image that no longer fits is reported and not changed. If images or usage of a cloud
 * cannot be read again, its remaining images are not changed. Returns 1 in that case, otherwise 0. A dry run repeats nothing.
 */
export const forEachSelected = async (
  context: WriteContext,
  images: readonly FoundImage[],
  options: ChangedImagesOptions,
  recheck: RecheckOptions,
  change: (found: FoundImage) => Promise<void>,
): Promise<ExitCode> => {
  const { messages, signal, takeHeld } = context
  const targets = [...new Set(images.map(({ target }) => target))]
  const selection = parseSelection(options, {
    now: context.timing.clock(),
    providers: providersFor(context, targets),
  })
  const isRepeated = selection.usage.length > 0 && takeHeld === null
  const observers = new Map<ImageSource, ReturnType<typeof createFreshObservation>>()
  const unread = new Set<ImageSource>()
  for (const found of images) {
    const { source, image } = found
    if (signal.aborted) break
    if (unread.has(source)) continue
    if (!isRepeated) {
      await change(found)
      continue
    }
    const observer = observers.get(source) ?? createFreshObservation(context, source)
    observers.set(source, observer)
    const observation = await observer()
    if (signal.aborted) break
    if (E.isLeft(observation)) {
      unread.add(source)
      printMessage(
        messages,
        `imago: ${formatCloud(source.cloud)}: the remaining images are ${recheck.outcome}, because images and usage cannot be read again: ${observation.left}`,
      )
    } else {
      const objection = await findObjection(context, source, observation.right, image, selection, recheck)
      if (objection === null) await change(found)
      else printMessage(messages, `${objection.outcome} ${describeImage(image)}: ${objection.why}`)
    }
    await messages.end()
  }
  return unread.size > 0 ? EXIT.error : EXIT.done
}
