import { createMatcher, type Observation, type Query } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { existsSync } from 'node:fs'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { formatInstant } from '../listing/age.ts'
import type { LiveContext } from '../live.ts'
import { printMessage } from '../message.ts'
import { FILE_START } from '../parse-address.ts'
import { fileToObservation, observeFile } from './observe-file.ts'
import { toStoreProblem } from './store-problem.ts'

/** A saved observation, and the outcome of reading it. */
export interface SavedObservation {
  readonly observation: Observation
  /** When the images were observed, RFC 3339; `null`: unknown, for a file of saved images. */
  readonly at: string | null
  /** Whether it contains all images of its clouds. */
  readonly isComplete: boolean
  readonly exitCode: ExitCode
}

const filterImages = (observation: Observation, query: Query): Observation => {
  const isSelected = createMatcher(query)
  return {
    ...observation,
    clouds: observation.clouds.map((cloud) => ({
      ...cloud,
      images: { ...cloud.images, items: cloud.images.items.filter(isSelected) },
    })),
  }
}

/**
 * Reads a store written by `imago export` (`inventory.db`, `inventory.db@2026-11-01`, `postgres://…`) or a file of saved images, filtered by `query`.
 * A store that cannot be read ends the command; records of a file that cannot be read are reported.
 */
export const observeSaved = async (live: LiveContext, text: string, query: Query): Promise<SavedObservation> => {
  const { parseStoreReference, readStore } = await import('@imago/store')
  const reference = parseStoreReference(text)
  if (E.isLeft(reference)) {
    const file = await observeFile(live, text, query)
    return { ...file, observation: fileToObservation(file, formatInstant(live.timing.clock())), at: null }
  }
  const stored = await readStore(reference.right.target, reference.right.at)
  if (E.isLeft(stored)) throw toStoreProblem(stored.left, 'read')
  const { clouds } = stored.right
  if (clouds.length === 0)
    printMessage(live.messages, `imago: ${reference.right.target.title} has no images of that time`)
  return {
    observation: filterImages(stored.right, query),
    at: stored.right.at,
    isComplete: clouds.length > 0 && clouds.every(({ images }) => images.completeness === 'read'),
    exitCode: EXIT.done,
  }
}

/** Whether an argument is saved data rather than a cloud: `-`, a path, an existing file, or a store. */
export const isSaved = async (text: string): Promise<boolean> => {
  if (text === '-' || FILE_START.test(text) || existsSync(text)) return true
  const { parseStoreReference } = await import('@imago/store')
  return E.isRight(parseStoreReference(text))
}
