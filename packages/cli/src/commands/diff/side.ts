import type { Image } from '@imago/core'
import type { DiffSide } from '@imago/lifecycle'
import { existsSync } from 'node:fs'
import type { ExitCode } from '../../exit-code.ts'
import { EXIT } from '../../exit-code.ts'
import type { Selection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { createSelector, observeClouds } from '../../observing/observe-clouds.ts'
import { observeFile } from '../../observing/observe-file.ts'
import { FILE_START } from '../../parse-address.ts'
import { Problem } from '../../problem.ts'

/** A side of a comparison, and how reading it went. */
export interface ReadSide extends DiffSide {
  readonly exitCode: ExitCode
}

/** `-`, what begins as a path does, and what is there as a file, is a file; anything else names a cloud. */
const isFile = (text: string): boolean => text === '-' || FILE_START.test(text) || existsSync(text)

/** Reads the selected images of a cloud or file. */
export const readSide = async (live: LiveContext, text: string, selection: Selection): Promise<ReadSide> => {
  if (isFile(text)) {
    if (selection.isMine)
      throw new Problem(
        '--mine needs clouds: a file does not contain the project of its reader. Use --owner',
        EXIT.usage,
      )
    return observeFile(live, text, selection.query)
  }
  const observed = await observeClouds(live, [text], [])
  const images: Image[] = []
  for (const cloud of observed.clouds)
    images.push(...cloud.observation.images.items.filter(await createSelector(live, cloud, selection)))
  return { images, isComplete: observed.isComplete, exitCode: observed.exitCode }
}
