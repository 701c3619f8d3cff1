import type { ImageResult, CloudIdentity, Image, NameLookupOptions } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../exit-code.ts'
import type { FoundImage } from '../resolve-image.ts'
import type { PrintImageOptions } from '../output/images.ts'
import type { ChangedImagesOptions } from '../options/selection.ts'
import { chooseImages } from './choose-images.ts'
import { forEachSelected } from './recheck.ts'
import { checkReport, createReport, type Report } from './report.ts'
import type { WriteContext, WriteOptions } from './write-context.ts'

/** The options of every command that changes existing images. */
export interface ChangeOptions extends WriteOptions, PrintImageOptions, ChangedImagesOptions {}

/** Makes changes one after another until one fails, and reports the value of the last. In a dry run it reports the intercepted requests. */
export const makeChanges = async <A>(
  context: WriteContext,
  report: Report,
  cloud: CloudIdentity,
  changes: readonly ImageResult<A>[],
  done: (value: A) => void,
): Promise<void> => {
  const { takeHeld } = context
  let isHeld = false
  for (const [at, change] of changes.entries()) {
    const result = await change()
    const held = takeHeld?.() ?? []
    report.held(cloud, held)
    isHeld ||= held.length > 0
    if (held.length > 0) continue
    if (E.isLeft(result)) return report.failed(result.left)
    if (takeHeld === null && at === changes.length - 1) done(result.right)
  }
  if (takeHeld !== null && !isHeld) report.done('unchanged: nothing to send')
}

/** Makes one change and reports it. */
export const makeChange = <A>(
  context: WriteContext,
  report: Report,
  cloud: CloudIdentity,
  change: ImageResult<A>,
  done: (value: A) => void,
): Promise<void> => makeChanges(context, report, cloud, [change], done)

/** Changes images one after another. A failure is reported, and the next image is changed. Ctrl-C ends the loop. */
export const changeEach = async (
  context: WriteContext,
  words: readonly string[],
  options: ChangeOptions,
  toChanges: (found: FoundImage) => readonly ImageResult<Image>[],
  /** The message about a change. */
  describeChange: (after: Image, before: Image) => string,
  first?: NameLookupOptions['first'],
): Promise<ExitCode> => {
  checkReport(context, options)
  const images = await chooseImages(context, words, options, first)
  const report = await createReport(context, options)
  const rechecked = await forEachSelected(
    context,
    images,
    { ...options, hidden: options.hidden ?? (first?.hidden === 'only' ? 'only' : undefined) },
    { refusesProtected: false, outcome: 'unchanged' },
    (found) =>
      makeChanges(context, report, found.source.cloud, toChanges(found), (image) =>
        report.changed(image, describeChange(image, found.image)),
      ),
  )
  const code = await report.end()
  return code === EXIT.done ? rechecked : code
}
