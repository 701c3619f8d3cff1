import type { ImageResult, AnyOf, CloudIdentity, Image, NameLookupOptions } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { ExitCode } from '../exit-code.ts'
import { resolveImage, parseImageAddress, type FoundImage, type NamedHints } from '../resolve-image.ts'
import type { PrintImageOptions } from '../output/images.ts'
import { checkReport, createReport, type Report } from './report.ts'
import type { WriteContext, WriteOptions } from './write-context.ts'

/** The options of every command that changes images that are there. */
export interface ChangeOptions extends WriteOptions, PrintImageOptions {
  /** Tells images of one name apart. */
  readonly arch?: AnyOf<string> | undefined
}

/** The images that `words` name. One that is not found ends the command, before anything is changed. `first`: where names are looked for first. */
export const resolveImages = async (
  context: WriteContext,
  words: readonly string[],
  named: Pick<ChangeOptions, 'arch'>,
  first?: NameLookupOptions['first'],
): Promise<readonly FoundImage[]> => {
  const options: NamedHints = { arch: named.arch, first }
  const found: FoundImage[] = []
  for (const place of words.map(parseImageAddress)) {
    const one = await resolveImage(context, place, options)
    const isAgain = found.some(
      ({ image }) =>
        image.ref.id === one.image.ref.id &&
        image.ref.cloud === one.image.ref.cloud &&
        image.ref.region === one.image.ref.region &&
        image.ref.provider === one.image.ref.provider,
    )
    if (!isAgain) found.push(one)
  }
  return found
}

/** Makes changes, each after the one before has succeeded, and reports the last one's value. In a dry run it reports what was held back of each. */
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
    const answer = await change()
    const held = takeHeld?.() ?? []
    report.held(cloud, held)
    isHeld ||= held.length > 0
    if (held.length > 0) continue
    if (E.isLeft(answer)) return report.failed(answer.left)
    if (takeHeld === null && at === changes.length - 1) done(answer.right)
  }
  if (takeHeld !== null && !isHeld) report.done('nothing to send: it is so already')
}

/** Makes one change and reports it. */
export const makeChange = <A>(
  context: WriteContext,
  report: Report,
  cloud: CloudIdentity,
  change: ImageResult<A>,
  done: (value: A) => void,
): Promise<void> => makeChanges(context, report, cloud, [change], done)

/** Changes images one after another. One that fails is told of, and the next one is changed all the same; the user's Ctrl-C ends it. */
export const changeEach = async (
  context: WriteContext,
  words: readonly string[],
  options: ChangeOptions,
  toChanges: (found: FoundImage) => readonly ImageResult<Image>[],
  /** What is so now, for people. */
  describeChange: (after: Image, before: Image) => string,
  first?: NameLookupOptions['first'],
): Promise<ExitCode> => {
  checkReport(context, options)
  const images = await resolveImages(context, words, options, first)
  const report = await createReport(context, options)
  for (const found of images) {
    if (context.signal.aborted) break
    await makeChanges(context, report, found.source.cloud, toChanges(found), (image) =>
      report.changed(image, describeChange(image, found.image)),
    )
  }
  return report.end()
}
