import { readRecord, type DumpOptions, type Drift, type Image, type RejectedRecord } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createDriftGatherer, type DriftGatherer, type DriftPart } from './drift-report.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { inputTitle, openInput, type Input } from './input/open.ts'
import type { LineReader } from './input/line-reader.ts'
import { readRecords } from './input/read-records.ts'
import type { InputPosition, RecordSink } from './input/record-sink.ts'
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
  /** Receives the output of `ReadLines`. */
  readonly part?: (output: Uint8Array) => Promise<void>
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

/** What was read from records. */
export interface Reading {
  images: number
  rejected: number
  broken: boolean
  readonly drift: DriftGatherer
}

/** Starts to read. `isPart`: see `createDriftGatherer`. */
export const createReading = (isPart = false): Reading => ({
  images: 0,
  rejected: 0,
  broken: false,
  drift: createDriftGatherer(isPart),
})

/** Reads images from records into `reading`. `report` receives the messages, those on rejected records only with `reportRejected`. */
export const createImageReader = (
  reading: Reading,
  options: DumpOptions,
  image: ImageSink['image'],
  report: (text: string) => void,
  reportRejected: boolean,
): Omit<RecordSink, 'flush'> => ({
  record: (record, place, text) => {
    const read = readRecord(record, '', options)
    if (E.isLeft(read)) {
      reading.rejected++
      const { pointer } = place
      const flagged = withFlags(read.left)
      const issues = flagged.issues.map((issue) => ({ ...issue, pointer: pointer + issue.pointer }))
      const moved = { ...flagged, pointer, issues }
      reading.drift.rejection(moved, place)
      if (reportRejected) report(`${prefix(place)}: ${describeRejected(moved)}`)
      return
    }
    reading.images++
    reading.drift.image(read.right.drift, place)
    // The text is that of `raw`, except for an image that imago printed before.
    const { image: found, drift } = read.right
    image(found, drift, found.raw === record ? text : null, record, place)
  },
  problem: (reason, place, fatal) => {
    // 0 if the position is that of a whole text.
    const byte = place.offset === 0 ? [] : [`byte ${place.offset}`]
    const where = [prefix(place), [...(place.pointer === '' ? [] : [place.pointer]), ...byte].join(', ')]
    const effect = fatal && place.offset !== 0 ? ['the rest was not read'] : []
    report([...where.filter((part) => part !== ''), ...effect, reason].join(': '))
    reading.drift.rejection(
      { provider: null, issues: [{ pointer: place.pointer, expected: 'JSON', got: reason }] },
      place,
    )
    if (fatal) reading.broken = true
    else reading.rejected++
  },
})

/** The images of lines that were read elsewhere. */
export interface ReadLines {
  readonly images: number
  readonly rejected: number
  readonly drift: DriftPart
  /** Messages on rejected records. */
  readonly messages: readonly string[]
  /** What an `ImageWriter` printed with `isPart`. */
  readonly output: Uint8Array
}

export interface ReadImagesOptions {
  /** Report every rejected record (default: true). */
  readonly reportRejected?: boolean | undefined
  /** Creates a reader of lines of NDJSON. Its images are passed to `deliver`, and not to the sink. */
  readonly readLines?: ((deliver: (read: ReadLines) => Promise<void>) => LineReader) | undefined
}

/** The size of a file in bytes that cannot fill V8's space for young objects. */
const SMALL = 1024 * 1024

/** Reads the images of files in order. Reports rejected records and unreadable files to `messages`. */
export const readImages = async (
  files: readonly string[],
  options: DumpOptions,
  sink: ImageSink,
  messages: Output,
  { reportRejected = true, readLines }: ReadImagesOptions = {},
): Promise<Outcome> => {
  const reading = createReading()
  const report = (text: string): void => {
    messages.write(`${visible(maskSecrets(text))}\n`)
  }

  const readOne = async (input: Input): Promise<void> => {
    if (files.length > 1 || input.size === null || input.size > SMALL) limitYoungSpace()
    const progress = await createProgress(input, messages)
    const reportBeside = (text: string): void => {
      progress.pause()
      report(text)
    }
    const deliver = async ({ images, rejected, drift, messages: texts, output }: ReadLines): Promise<void> => {
      reading.images += images
      reading.rejected += rejected
      reading.drift.add(drift)
      texts.forEach(reportBeside)
      if (output.length > 0) await sink.part?.(output)
    }
    await readRecords(
      input,
      {
        ...createImageReader(reading, options, sink.image, reportBeside, reportRejected),
        flush: async () => {
          progress.update(reading.images)
          await messages.end()
          await sink.flush()
        },
      },
      readLines?.(deliver) ?? null,
    )
    progress.pause()
  }

  for (const file of files.length === 0 ? ['-'] : files) {
    try {
      await readOne(await openInput(file))
    } catch (error) {
      // The other files are still read.
      if (!(error instanceof Problem)) throw error
      reading.broken = true
      report(`imago: ${error.message}`)
    }
  }
  await messages.end()
  return reading
}

/** 1: unreadable input, or no record was recognized; 4: some records were rejected; 0: success. */
export const outcomeToExitCode = ({ images, rejected, broken }: Outcome): ExitCode => {
  if (broken || (images === 0 && rejected > 0)) return EXIT.error
  return rejected > 0 ? EXIT.findings : EXIT.done
}
