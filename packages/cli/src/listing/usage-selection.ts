import {
  createUsageLookup,
  readPrices,
  readUsage,
  type Image,
  type ImageSource,
  type ObservedPrices,
  type Usage,
} from '@imago/core'
import { formatCloud } from '@imago/provider-kit'
import { EXIT } from '../exit-code.ts'
import type { LiveContext } from '../live.ts'
import { printMessage } from '../message.ts'
import { count } from '../output/count.ts'
import type { Output } from '../output/stream.ts'
import { Problem } from '../problem.ts'

/** A usage that images can be selected by. */
export type UsageWord = 'used' | 'unused'

/** Data that is read in addition to images. */
export type ObservedPart = 'usage' | 'prices'

/** The parts that are needed, in addition to `parts`, to select by `usage`. */
export const withUsage = (
  { usage }: { readonly usage: readonly UsageWord[] },
  parts: readonly ObservedPart[],
): readonly ObservedPart[] => (usage.length > 0 && !parts.includes('usage') ? [...parts, 'usage'] : parts)

/** The data of a cloud that was read in addition to its images; `null`: not requested. */
export interface ObservedFacts {
  readonly usage: Usage | null
  readonly prices: ObservedPrices | null
}

/** Reads the requested parts of a cloud. Never fails. */
export const readFacts = async (
  { signal, allProjects }: Pick<LiveContext, 'signal' | 'allProjects'>,
  source: ImageSource,
  parts: readonly ObservedPart[],
): Promise<ObservedFacts> => {
  const [usage, prices] = await Promise.all([
    parts.includes('usage') ? readUsage(source, { signal, allProjects })() : null,
    parts.includes('prices') ? readPrices(source, { signal })() : null,
  ])
  return { usage, prices }
}

/** The name of the only source if none of the lists was read. */
const WHOLE_USAGE = 'usage'

/** The lists of a cloud that were not read, each with the reason. */
export const findUnreadLists = ({ sources }: Usage): readonly string[] =>
  sources.flatMap(({ name, completeness, reason }) =>
    completeness === 'read' ? [] : [`${name === WHOLE_USAGE ? '' : `${name}: `}${reason ?? completeness}`],
  )

/** Whether everything that a selection by usage needs was read. */
export const isUsageKnown = (words: readonly UsageWord[], usages: readonly (Usage | null)[]): boolean =>
  words.length === 0 || usages.every((usage) => usage === null || findUnreadLists(usage).length === 0)

/** Reports the lists of a cloud that were not read. */
export const reportUnreadLists = (messages: Output, cloud: ImageSource['cloud'], usage: Usage): void => {
  for (const list of findUnreadLists(usage))
    printMessage(messages, `imago: ${formatCloud(cloud)}: usage is incomplete: ${list}`)
}

/** Reports prices that could not be read. A cloud without prices is not reported. */
export const reportUnreadPrices = (
  messages: Output,
  cloud: ImageSource['cloud'],
  { completeness, reason }: ObservedPrices,
): void => {
  if (completeness === 'forbidden' || completeness === 'failed')
    printMessage(messages, `imago: ${formatCloud(cloud)}: costs are unknown: ${reason ?? completeness}`)
}

/** Reports how many images of completely read clouds have an unknown usage. */
export const reportUnknown = (messages: Output, images: number): void => {
  if (images > 0)
    printMessage(
      messages,
      `imago: the usage of ${count(images, 'image')} is unknown, because other projects can use ${images === 1 ? 'it' : 'them'}`,
    )
}

/** A filter by usage, which counts. */
export interface UsageFilter {
  readonly isSelected: (image: Image) => boolean
  /** The number of images that it was asked about and that are unknown only because other projects can use them. */
  readonly countUnknown: () => number
}

/** Creates a filter of the images of a cloud. An image of unknown usage is neither used nor unused. Without `words`, it selects all. */
export const createUsageFilter = (usage: Usage, words: readonly UsageWord[]): UsageFilter => {
  const lookUp = createUsageLookup({ usage })
  let unknown = 0
  return {
    isSelected: (image) => {
      const found = lookUp(image)
      if (found.state !== 'unknown') return words.length === 0 || words.includes(found.state)
      if (found.reasons.every(({ code }) => code === 'other-projects')) unknown++
      return words.length === 0
    },
    countUnknown: () => unknown,
  }
}

/** Ends the command if usage was not read completely: the selected part must not pass for all. */
export const requireUsage = ({ cloud }: ImageSource, usage: Usage): void => {
  const [list] = findUnreadLists(usage)
  if (list !== undefined)
    throw new Problem(
      `cannot select by usage: ${formatCloud(cloud)}: ${list}. To select without usage, omit --used and --unused`,
      EXIT.error,
    )
}

/** Reads the usage of a cloud if `words` select by it, and creates the filter. Usage that cannot be read completely ends the command. */
export const readUsageFilter = async (
  live: LiveContext,
  source: ImageSource,
  words: readonly UsageWord[],
): Promise<UsageFilter> => {
  if (words.length === 0) return { isSelected: () => true, countUnknown: () => 0 }
  const usage = await readUsage(source, { signal: live.signal, allProjects: live.allProjects })()
  if (!live.signal.aborted) requireUsage(source, usage)
  return createUsageFilter(usage, words)
}
