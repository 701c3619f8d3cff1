import type { CloudObservation, Image, Observation } from '@imago/core'
import { renderReport, type EarlierState, type ReportInput } from '@imago/report'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { rename, rm, writeFile } from 'node:fs/promises'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { readEvidence } from '../../listing/live-evidence.ts'
import { parseSelection, type Selection } from '../../listing/query-options.ts'
import type { LiveContext } from '../../live.ts'
import { mergeExitCodes } from '../../live-problem.ts'
import { printMessage } from '../../message.ts'
import { createSelector, observeClouds, selectionExitCode } from '../../observing/observe-clouds.ts'
import { observeSaved } from '../../observing/observe-saved.ts'
import { count } from '../../output/count.ts'
import { maskUrls } from '../../output/mask.ts'
import { fileProblem, Problem } from '../../problem.ts'
import { loadSupportData } from '../expiring/support-data.ts'
import type { ReportOptions } from './options.ts'

interface Read {
  readonly observation: Observation
  /** The images of its clouds that the selection omits. */
  readonly unselected: readonly Image[]
  /** Whether no image list could be read, not even in part. */
  readonly isUnread: boolean
  readonly exitCode: ExitCode
}

const readClouds = async (live: LiveContext, names: readonly string[], selection: Selection): Promise<Read> => {
  const observed = await observeClouds(live, names, ['usage', 'prices'])
  const clouds: CloudObservation[] = []
  const unselected: Image[] = []
  for (const cloud of observed.clouds) {
    const { images, ...others } = cloud.observation
    const { left, right } = RA.partition(await createSelector(live, cloud, selection))(images.items)
    for (const image of left) unselected.push(image)
    clouds.push({ ...others, images: { ...images, items: right } })
  }
  clouds.push(...observed.unopened)
  const isUnread =
    !observed.isComplete &&
    observed.clouds.every(({ observation: { images } }) => images.completeness !== 'read' && images.items.length === 0)
  return {
    observation: { at: observed.at, clouds },
    unselected,
    isUnread,
    exitCode: selectionExitCode(observed, selection),
  }
}

const readSaved = async (live: LiveContext, text: string, selection: Selection): Promise<Read> => {
  if (selection.isMine) throw new Problem('--mine and --from cannot be combined. Use --owner', EXIT.usage)
  const { observation, unselected, isComplete, exitCode } = await observeSaved(live, text, selection)
  const isUnread = !isComplete && observation.clouds.length === 0
  return { observation, unselected, isUnread, exitCode: isUnread && exitCode === EXIT.done ? EXIT.notFound : exitCode }
}

/** Masks the credentials in URLs of images. */
const maskImages = (images: readonly Image[]): readonly Image[] =>
  images.map((image) => JSON.parse(maskUrls(JSON.stringify(image))) as Image)

const maskObservation = ({ at, clouds }: Observation): Observation => ({
  at,
  clouds: clouds.map((cloud) => ({ ...cloud, images: { ...cloud.images, items: maskImages(cloud.images.items) } })),
})

/** Both states are masked, so that a masked value does not look like a change, and no earlier value is shown. */
const maskInput = <A extends Pick<ReportInput, 'observation' | 'unselected' | 'earlier'>>(input: A): A => {
  const { observation, unselected = [], earlier } = input
  return {
    ...input,
    observation: maskObservation(observation),
    unselected: maskImages(unselected),
    earlier: earlier && {
      ...earlier,
      images: maskImages(earlier.images),
      unselected: maskImages(earlier.unselected ?? []),
    },
  }
}

const readEarlier = async (
  live: LiveContext,
  text: string,
  selection: Selection,
): Promise<EarlierState & { readonly exitCode: ExitCode }> => {
  const { observation, unselected, ...others } = await observeSaved(live, text, selection)
  return {
    images: observation.clouds.flatMap(({ images }) => images.items),
    unselected,
    // The observation of a file has only the clouds of the selected images.
    clouds: [...observation.clouds.map(({ cloud }) => cloud), ...unselected.map(({ ref }) => ref)],
    ...others,
  }
}

/** Writes a file atomically: under a temporary name first. */
const writeWhole = async (file: string, text: string): Promise<void> => {
  const temporary = `${file}.part`
  try {
    await writeFile(temporary, text)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw fileProblem('write', file, error)
  }
}

/** `imago report`: creates an HTML file about the images of clouds, or of a file. */
export const report = async (
  names: readonly string[],
  options: ReportOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  if (options.from !== undefined && names.length > 0)
    throw new Problem('--from and clouds cannot be combined', EXIT.usage)
  const supportData = await loadSupportData(options.eolData)
  const selection = parseSelection(options, { now: live.timing.clock(), providers: live.providers })
  const earlier = options.since === undefined ? undefined : await readEarlier(live, options.since, selection)
  const { observation, unselected, isUnread, exitCode } =
    options.from === undefined
      ? await readClouds(live, names, selection)
      : await readSaved(live, options.from, selection)
  if (live.signal.aborted) return EXIT.interrupted
  if (isUnread) {
    // An earlier report is worth more than an empty one.
    printMessage(live.messages, 'imago: no image could be read: no report was written')
    await live.messages.end()
    return exitCode
  }
  const states = { observation, unselected, earlier }
  const text = renderReport({
    ...(options.showSecrets === true ? states : maskInput(states)),
    supportData,
    level: options.support,
    ...(options.evidence === true ? { readEvidence: (image: Image) => readEvidence(image, live.providers) } : {}),
  })
  if (options.output === '-') {
    live.output.write(text)
    await live.output.end()
  } else {
    await writeWhole(options.output, text)
    const images = observation.clouds.reduce((sum, cloud) => sum + cloud.images.items.length, 0)
    printMessage(live.messages, `report on ${count(images, 'image')} written to ${options.output}`)
  }
  await live.messages.end()
  return mergeExitCodes([exitCode, earlier?.exitCode ?? EXIT.done].filter((code) => code !== EXIT.done))
}
