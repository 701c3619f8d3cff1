import {
  createMatcher,
  observe,
  toReadState,
  unreadUsage,
  type CloudIdentity,
  type CloudObservation,
  type Image,
  type ImageError,
  type ImageSource,
  formatInstant,
} from '@imago/core'
import { formatCloud, toIdentity } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { resolveQuery, type Selection } from '../listing/query-options.ts'
import {
  createUsageFilter,
  isUsageKnown,
  reportUnreadLists,
  reportUnreadPrices,
  type ObservedPart,
} from '../listing/usage-selection.ts'
import type { LiveContext } from '../live.ts'
import { errorsToExitCode, toProblem } from '../live-problem.ts'
import { printError, printMessage } from '../message.ts'

/** An observed cloud, and its image source. */
export interface ObservedCloud {
  readonly source: ImageSource
  readonly observation: CloudObservation
}

/** The observations of several clouds. */
export interface ObservedClouds {
  /** When reading began, RFC 3339. */
  readonly at: string
  /** Excludes clouds whose configuration is invalid. */
  readonly clouds: readonly ObservedCloud[]
  /** Those clouds, as observations in which nothing was read. */
  readonly unopened: readonly CloudObservation[]
  /** Whether all images of all chosen clouds were read. */
  readonly isComplete: boolean
  /** 0 if the observation is complete. */
  readonly exitCode: ExitCode
}

const reportUnread = (
  { messages }: LiveContext,
  { cloud, images, usage, prices }: CloudObservation,
  parts: readonly ObservedPart[],
): void => {
  const name = formatCloud(cloud)
  if (images.completeness !== 'read')
    printMessage(messages, `imago: ${name}: not all images were listed: ${images.reason ?? images.completeness}`)
  if (parts.includes('usage')) reportUnreadLists(messages, cloud, usage)
  if (parts.includes('prices')) reportUnreadPrices(messages, cloud, prices)
}

const toUnopened = (error: ImageError, cloud: CloudIdentity): CloudObservation => {
  const state = toReadState(error)
  return { cloud, images: { ...state, items: [] }, usage: unreadUsage(state), prices: { ...state, prices: null } }
}

/** Reads images, and on request usage and prices, of the named clouds, by default of all configured ones. Reports errors. */
export const observeClouds = async (
  live: LiveContext,
  names: readonly string[],
  parts: readonly ObservedPart[],
): Promise<ObservedClouds> => {
  const { targets, errors } = chosenTargets(live, names)
  const opened = await Promise.all(targets.map((target) => live.open(target)))
  const unopened = opened.flatMap((one, index) => {
    const target = targets[index]
    return E.isLeft(one) && target !== undefined ? [{ error: one.left, cloud: toIdentity(target) }] : []
  })
  const failures: readonly ImageError[] = [...errors, ...unopened.map(({ error }) => error)]
  for (const error of failures) printError(live.messages, error)
  const sources = opened.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const at = formatInstant(live.timing.clock())
  const observation = await observe(sources, { at, parts, signal: live.signal, allProjects: live.allProjects })()
  for (const cloud of observation.clouds) reportUnread(live, cloud, parts)
  await live.messages.end()
  const isComplete = failures.length === 0 && observation.clouds.every(({ images }) => images.completeness === 'read')
  return {
    at,
    clouds: observation.clouds.flatMap((cloud, index) => {
      const source = sources[index]
      return source === undefined ? [] : [{ source, observation: cloud }]
    }),
    unopened: [
      ...errors.map((error) => toUnopened(error, { provider: error.provider, cloud: error.cloud, region: null })),
      ...unopened.map(({ error, cloud }) => toUnopened(error, cloud)),
    ],
    isComplete,
    exitCode: live.signal.aborted
      ? EXIT.interrupted
      : failures.length > 0
        ? errorsToExitCode(failures)
        : isComplete
          ? EXIT.done
          : EXIT.error,
  }
}

/** The exit code of a command that selects observed images: an error if they are selected by usage, and usage was not read completely. */
export const selectionExitCode = ({ clouds, exitCode }: ObservedClouds, { usage }: Selection): ExitCode => {
  const isKnown = isUsageKnown(
    usage,
    clouds.map(({ observation }) => observation.usage),
  )
  return isKnown || exitCode !== EXIT.done ? exitCode : EXIT.error
}

/** Creates a filter for the images of an observed cloud. To select by usage, the observation must have it (`withUsage`). A failure to resolve the selection, such as the own project, ends the command. */
export const createSelector = async (
  live: LiveContext,
  { source, observation }: ObservedCloud,
  selection: Selection,
): Promise<(image: Image) => boolean> => {
  const query = await resolveQuery(source, selection, { signal: live.signal })()
  if (E.isLeft(query)) throw toProblem(query.left)
  const isMatch = createMatcher(query.right)
  const { isSelected } = createUsageFilter(observation.usage, selection.usage)
  return (image) => isMatch(image) && isSelected(image)
}
