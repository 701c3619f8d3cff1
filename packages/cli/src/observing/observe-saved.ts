import { createMatcher, formatInstant, type Image, type Observation } from '@imago/core'
import { parseStoreReference } from '@imago/store/target'
import * as E from 'fp-ts/lib/Either.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { existsSync } from 'node:fs'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { Selection } from '../listing/query-options.ts'
import { createUsageFilter, isUsageKnown, reportUnreadLists } from '../listing/usage-selection.ts'
import type { LiveContext } from '../live.ts'
import { printMessage } from '../message.ts'
import { FILE_START } from '../parse-address.ts'
import { fileToObservation, observeFile } from './observe-file.ts'
import { toStoreProblem } from './store-problem.ts'

/** A saved observation, and the outcome of reading it. */
export interface SavedObservation {
  readonly observation: Observation
  /** The images of its clouds that the selection omits. */
  readonly unselected: readonly Image[]
  /** When the images were observed, RFC 3339; `null`: unknown, for a file of saved images. */
  readonly at: string | null
  /** Whether it contains all images of its clouds. */
  readonly isComplete: boolean
  readonly exitCode: ExitCode
}

type SavedSelection = Pick<Selection, 'query' | 'usage'>

const splitImages = (
  observation: Observation,
  { query, usage: words }: SavedSelection,
): Pick<SavedObservation, 'observation' | 'unselected'> => {
  const isMatch = createMatcher(query)
  const unselected: Image[] = []
  const clouds = observation.clouds.map((cloud) => {
    const { isSelected } = createUsageFilter(cloud.usage, words)
    const { left, right } = RA.partition((image: Image) => isMatch(image) && isSelected(image))(cloud.images.items)
    for (const image of left) unselected.push(image)
    return { ...cloud, images: { ...cloud.images, items: right } }
  })
  return { observation: { ...observation, clouds }, unselected }
}

/** Applies a selection. If it is by usage and usage was not saved, the result is incomplete. */
const selectSaved = (live: LiveContext, saved: SavedObservation, selection: SavedSelection): SavedObservation => {
  const { clouds } = saved.observation
  const isKnown = isUsageKnown(
    selection.usage,
    clouds.map(({ usage }) => usage),
  )
  if (selection.usage.length > 0) for (const { cloud, usage } of clouds) reportUnreadLists(live.messages, cloud, usage)
  const { observation, unselected } = splitImages(saved.observation, selection)
  return {
    observation,
    unselected: [...saved.unselected, ...unselected],
    at: saved.at,
    isComplete: saved.isComplete && isKnown,
    exitCode: !isKnown && saved.exitCode === EXIT.done ? EXIT.error : saved.exitCode,
  }
}

/**
 * Reads a store written by `imago export` (`inventory.db`, `inventory.db@2026-11-01`, `postgres://…`) or a file of saved images, filtered by `selection`.
 * A store or file of which nothing can be read ends the command; single records of a file that cannot be read are reported.
 */
export const observeSaved = async (
  live: LiveContext,
  text: string,
  selection: SavedSelection,
): Promise<SavedObservation> => {
  const reference = parseStoreReference(text)
  if (E.isLeft(reference)) {
    if (reference.left._tag === 'TimeInvalid') throw toStoreProblem(reference.left, 'read')
    const file = await observeFile(live, text, selection.query)
    const observation = fileToObservation(file, formatInstant(live.timing.clock()))
    const { unselected, isComplete, exitCode } = file
    return selectSaved(live, { observation, unselected, at: null, isComplete, exitCode }, selection)
  }
  const { readStore } = await import('@imago/store')
  const stored = await readStore(reference.right.target, reference.right.at)
  if (E.isLeft(stored)) throw toStoreProblem(stored.left, 'read')
  const { clouds } = stored.right
  const isEmpty = clouds.length === 0
  if (isEmpty)
    printMessage(
      live.messages,
      `imago: ${reference.right.target.title} has no images${reference.right.at === null ? '' : ' of the requested time'}`,
    )
  // Without a run, only the requested time is known.
  const at = isEmpty ? reference.right.at : stored.right.at
  const saved: SavedObservation = {
    observation: { clouds, at: at ?? formatInstant(live.timing.clock()) },
    unselected: [],
    at,
    isComplete: !isEmpty && clouds.every(({ images }) => images.completeness === 'read'),
    exitCode: EXIT.done,
  }
  return selectSaved(live, saved, selection)
}

/** Whether an argument is saved data rather than a cloud: `-`, a path, an existing file, or a store. */
export const isSaved = (text: string): boolean => {
  if (text === '-' || FILE_START.test(text) || existsSync(text)) return true
  const reference = parseStoreReference(text)
  return E.isRight(reference) || reference.left._tag === 'TimeInvalid'
}
