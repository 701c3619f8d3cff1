import { describeCosts, type Image, type ImageError, type ImageSource } from '@imago/core'
import { findSameDisks, type DuplicateGroup, type ReadDisk } from '@imago/lifecycle'
import type { RunOptions } from '@imago/transfer'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { groupBy } from '../../group-by.ts'
import type { LiveContext } from '../../live.ts'
import { changeErrorsToExitCode } from '../../live-problem.ts'
import { printMessage } from '../../message.ts'
import { count } from '../../output/count.ts'
import { formatSize } from '../../output/size.ts'
import { Problem } from '../../problem.ts'
import { describeImage } from '../../resolve-image.ts'
import { gatherImage } from '../../transfer/gather.ts'
import type { Confirm } from '../../writing/confirm.ts'
import { planReading, readDisk, type PlannedReading } from './read-disk.ts'
import { createReadingDirectory } from './reading-directory.ts'

/** An image whose disk may be read. */
export interface Candidate {
  readonly image: Image
  readonly source: ImageSource
}

/** An image that was not read, with the reason. */
export interface UnreadImage {
  readonly image: Image
  readonly reason: string
}

/** The result of reading disks. */
export interface SameDisks {
  /** All images, with the plans to read them. */
  readonly planned: readonly PlannedReading[]
  readonly groups: readonly DuplicateGroup[]
  /** The images whose disks were read. */
  readonly read: ReadonlySet<Image>
  readonly unread: readonly UnreadImage[]
  readonly exitCode: ExitCode
}

/** How disks are read. `confirm`: `null` without a terminal. */
export interface ReadDisksOptions {
  readonly run: RunOptions
  readonly yes: boolean
  readonly isDry: boolean
  readonly confirm: Confirm | null
}

/** `3 images, 12.5 GiB to download; orders, for each of 2 images: a server; cost: about 0.01 EUR once` */
const describeWork = (readings: readonly PlannedReading[]): string => {
  const estimates = readings.flatMap(({ plan }) => (plan === null ? [] : [plan.estimate]))
  const unknown = estimates.filter(({ bytes }) => bytes === null).length
  const bytes = estimates.reduce((sum, estimate) => sum + (estimate.bytes ?? 0), 0)
  const orders = groupBy(
    estimates.filter(({ resources }) => resources.length > 0),
    ({ resources }) => resources.join(', '),
  )
  /** For which images the resources are ordered; empty: for the only one. */
  const scope = (images: number): string => {
    if (images > 1) return `, for each of ${images} images:`
    return estimates.length === 1 ? '' : ', for one image:'
  }
  const costs = describeCosts(estimates.flatMap(({ once }) => once))
  return [
    `${count(estimates.length, 'image')}, ${formatSize(bytes)} to download${unknown === 0 ? '' : `, and ${unknown} of unknown size`}`,
    ...orders.map((group) => `orders${scope(group.length)} ${group[0].resources.join(', ')}`),
    ...(costs === null ? [] : [`cost: ${costs}`]),
  ].join('; ')
}

const NOTHING: SameDisks = { planned: [], groups: [], read: new Set(), unread: [], exitCode: EXIT.done }

const readPlanned = async (
  live: LiveContext,
  candidates: readonly Candidate[],
  { run, yes, isDry, confirm }: ReadDisksOptions,
  path: string,
): Promise<SameDisks> => {
  const { messages, signal } = live
  const readings: PlannedReading[] = []
  for (const { image, source } of candidates) {
    if (signal.aborted) return { ...NOTHING, exitCode: EXIT.interrupted }
    readings.push(await planReading(image, source, await gatherImage(live, image, source), path, signal))
  }
  printMessage(messages, `imago: disks to read: ${describeWork(readings)}`)
  await messages.end()
  const unread = readings.flatMap(({ image, reason }): UnreadImage[] => (reason === null ? [] : [{ image, reason }]))
  if (isDry) return { ...NOTHING, planned: readings, unread }
  const isWork = readings.some(({ plan }) => plan !== null)
  if (isWork && !yes && (await confirm?.('Download these images?')) !== true) {
    printMessage(messages, 'imago: nothing was downloaded')
    return { ...NOTHING, unread, exitCode: EXIT.error }
  }
  const disks: ReadDisk[] = []
  const errors: ImageError[] = []
  for (const { image, plan } of readings) {
    if (signal.aborted) break
    if (plan === null) continue
    printMessage(messages, `reading ${describeImage(image)}`)
    await messages.end()
    const reading = await readDisk(plan, path, run)
    if (reading.result === 'read') disks.push({ image, sha512: reading.sha512, bytes: reading.bytes })
    else if (!signal.aborted) {
      unread.push({ image, reason: reading.reason })
      if (reading.error !== null) errors.push(reading.error)
    }
  }
  const exitCode = signal.aborted
    ? EXIT.interrupted
    : errors.length > 0
      ? changeErrorsToExitCode(errors)
      : unread.length > 0
        ? EXIT.findings
        : EXIT.done
  return {
    planned: readings,
    groups: findSameDisks(disks),
    read: new Set(disks.map(({ image }) => image)),
    unread,
    exitCode,
  }
}

/** Downloads the disks of images one after another, and groups those with the same raw disk. An image that cannot be read is reported, and the rest continues. */
export const readDisks = async (
  live: LiveContext,
  candidates: readonly Candidate[],
  options: ReadDisksOptions,
): Promise<SameDisks> => {
  const { spoolDir } = options.run
  const { yes, isDry, confirm } = options
  if (!yes && !isDry && confirm === null)
    throw new Problem('confirmation needs a terminal. To download, add --yes; to preview, add --dry-run', EXIT.usage)
  // These runs cannot be resumed: their journals are not among those of other transfers.
  const directory = await createReadingDirectory(spoolDir)
  const run = { ...options.run, journals: join(directory, 'runs'), spoolDir: join(directory, 'spool') }
  try {
    return await readPlanned(live, candidates, { ...options, run }, join(directory, 'disk.raw'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
