import { readRecord, type DumpOptions, type Drift, type Image, type RejectedRecord } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createDriftGatherer, type DriftGatherer } from './drift-report.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { inputTitle, openInput, type Input } from './input/open.ts'
import { readRecords, type InputPosition } from './input/read-records.ts'
import { maskSecrets } from './output/mask.ts'
import type { Output } from './output/stream.ts'
import { visible } from './output/visible.ts'
import { Problem } from './problem.ts'
import { createProgress } from './progress.ts'
import { formatRejection, withFlags } from './rejection.ts'
import { limitYoungSpace } from './young-space.ts'

/** Receives the images of the input. */
export interface ImageSink {
  readonly image: (
    image: Image,
    drift: readonly Drift[],
    text: string | null,
    record: unknown,
    place: InputPosition,
  ) => void
  readonly flush: () => Promise<void>
}

/** The result of reading. */
export interface Outcome {
  readonly images: number
  readonly rejected: number
  /** Whether reading stopped early: a syntax error, or an unreadable file. */
  readonly broken: boolean
  readonly drift: DriftGatherer
}

const prefix = ({ file, line }: InputPosition): string => `${inputTitle(file)}${line === null ? '' : `:${line}`}`

const describeRejected = (rejected: RejectedRecord): string =>
  rejected.provider === null
    ? `${rejected.pointer || '(whole document)'}: ${formatRejection(rejected)}`
    : formatRejection(rejected)

export interface ReadImagesOptions {
  /** Report every rejected record (default: true). */
  readonly reportRejected?: boolean | undefined
}

/** Reads the images of files in order. Reports rejected records and unreadable files to `messages`. */
export const readImages = async (
  files: readonly string[],
  options: DumpOptions,
  sink: ImageSink,
  messages: Output,
  { reportRejected = true }: ReadImagesOptions = {},
): Promise<Outcome> => {
  limitYoungSpace()
  const gatherer = createDriftGatherer()
  let images = 0
  let rejected = 0
  let broken = false
  const report = (text: string): void => {
    messages.write(`${visible(maskSecrets(text))}\n`)
  }

  const readOne = async (input: Input): Promise<void> => {
    const progress = await createProgress(input, messages)
    await readRecords(input, {
      record: (record, place, text) => {
        const read = readRecord(record, '', options)
        if (E.isLeft(read)) {
          rejected++
          const { pointer } = place
          const flagged = withFlags(read.left)
          const issues = flagged.issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer }))
          const moved = { ...flagged, pointer, issues }
          gatherer.rejection(moved, place)
          if (!reportRejected) return
          progress.pause()
          report(`${prefix(place)}: ${describeRejected(moved)}`)
          return
        }
        images++
        gatherer.image(read.right.drift, place)
        // The text is that of `raw`, except for an image that imago printed before.
        const { image, drift } = read.right
        sink.image(image, drift, image.raw === record ? text : null, record, place)
      },
      problem: (reason, place, fatal) => {
        progress.pause()
        report(
          `${prefix(place)}: ${place.pointer === '' ? '' : `${place.pointer}: `}${reason} (at byte ${place.offset})${fatal ? '; the rest was not read' : ''}`,
        )
        gatherer.rejection(
          { provider: null, issues: [{ pointer: place.pointer, expected: 'JSON', got: reason }] },
          place,
        )
        if (fatal) broken = true
        else rejected++
      },
      flush: async () => {
        progress.update(images)
        await messages.end()
        await sink.flush()
      },
    })
    progress.pause()
  }

  for (const file of files.length === 0 ? ['-'] : files) {
    try {
      await readOne(await openInput(file))
    } catch (error) {
      // The other files are still read.
      if (!(error instanceof Problem)) throw error
      broken = true
      report(`imago: ${error.message}`)
    }
  }
  await messages.end()
  return { images, rejected, broken, drift: gatherer }
}

/** 1: unreadable input, or no record was recognized; 4: some records were rejected; 0: success. */
export const outcomeToExitCode = ({ images, rejected, broken }: Outcome): ExitCode => {
  if (broken || (images === 0 && rejected > 0)) return EXIT.error
  return rejected > 0 ? EXIT.findings : EXIT.done
}
