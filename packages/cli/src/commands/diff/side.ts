import type { Image } from '@imago/core'
import type { DiffSide } from '@imago/lifecycle'
import * as E from 'fp-ts/lib/Either.js'
import { chooseClouds } from 'imago/clouds'
import { withCloudSuggestion } from '../../connect/chosen-targets.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Selection } from '../../listing/query-options.ts'
import { isUsageKnown, withUsage } from '../../listing/usage-selection.ts'
import type { LiveContext } from '../../live.ts'
import { toProblem } from '../../live-problem.ts'
import { createSelector, observeClouds } from '../../observing/observe-clouds.ts'
import { isSaved, observeSaved } from '../../observing/observe-saved.ts'
import { Problem } from '../../problem.ts'

/** A side of a comparison, and the outcome of reading it. */
export interface ReadSide extends DiffSide {
  readonly exitCode: ExitCode
}

/** Reads the selected images of a cloud, a store or a file. */
export const readSide = async (live: LiveContext, text: string, selection: Selection): Promise<ReadSide> => {
  if (isSaved(text)) {
    if (selection.isMine)
      throw new Problem(
        '--mine cannot be combined with saved images, which do not contain the project of the credentials. Use --owner',
        EXIT.usage,
      )
    const { observation, ...others } = await observeSaved(live, text, selection)
    return { images: observation.clouds.flatMap(({ images }) => images.items), ...others }
  }
  const chosen = chooseClouds(live.discovered, live.providers, text)
  if (E.isLeft(chosen) && chosen.left._tag === 'NotFound') {
    const error = { ...chosen.left, what: `cloud or file not found: ${text}` }
    throw toProblem(withCloudSuggestion(error, text, live.discovered))
  }
  const observed = await observeClouds(live, [text], withUsage(selection, []))
  const images: Image[] = []
  const unselected: Image[] = []
  for (const cloud of observed.clouds) {
    const isSelected = await createSelector(live, cloud, selection)
    for (const image of cloud.observation.images.items) (isSelected(image) ? images : unselected).push(image)
  }
  const usages = observed.clouds.map(({ observation }) => observation.usage)
  // An image that is not selected because its usage is unknown is not gone.
  const isKnown = isUsageKnown(selection.usage, usages)
  return {
    images,
    unselected,
    isComplete: observed.isComplete && isKnown,
    exitCode: !isKnown && observed.exitCode === EXIT.done ? EXIT.error : observed.exitCode,
  }
}
