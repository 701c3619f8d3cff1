import {
  createMatcher,
  explainRecord,
  READ,
  type CloudIdentity,
  type Evidence,
  type FieldName,
  type ImageReader,
  type ReadState,
} from '@imago/core'
import type { CloudState, StoreError } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { dumpOptions } from '../../input/dump-options.ts'
import { parseSelection } from '../../listing/query-options.ts'
import { printMessage } from '../../message.ts'
import type { FieldEvidence } from '../../output/image-json.ts'
import type { Output } from '../../output/stream.ts'
import { Problem } from '../../problem.ts'
import { outcomeToExitCode, readImages, type Outcome } from '../../read-images.ts'
import { formatChanges, openExporter, orEnd, parseTarget, selectionJson } from './exporter.ts'
import type { ExportOptions } from './options.ts'
import { toStoreProblem } from '../../observing/store-problem.ts'
import { limitHeap } from '../../limit-heap.ts'

export interface ExportFilesContext {
  readonly output: Output
  readonly messages: Output
  readonly readers: readonly ImageReader[]
}

const checkOptions = (names: readonly string[], options: ExportOptions): void => {
  if (names.length > 0) throw new Problem('--from and clouds cannot be combined', EXIT.usage)
  if (options.mine === true) throw new Problem('--mine and --from cannot be combined. Use --owner', EXIT.usage)
  if (options.usage === true) throw new Problem('--usage and --from cannot be combined', EXIT.usage)
}

/** Whether the files contain all images of their clouds. Without `--complete`, that is unknown. */
const toImagesState = (options: ExportOptions, { broken }: Outcome): ReadState => {
  if (broken) return { completeness: 'failed', reason: 'a file was not read to its end' }
  if (selectionJson(options) !== null)
    return { completeness: 'failed', reason: 'only the images that the selection options select' }
  return options.complete === true
    ? READ
    : { completeness: 'failed', reason: 'saved images, which may not be all images of the cloud' }
}

/** `imago export --from`: stores saved images, in one transaction. */
export const exportFiles = async (
  text: string,
  names: readonly string[],
  options: ExportOptions,
  { output, messages, readers }: ExportFilesContext,
): Promise<ExitCode> => {
  checkOptions(names, options)
  limitHeap()
  const target = parseTarget(text)
  const now = Date.now()
  const dump = dumpOptions(options, readers)
  const { query, usage } = parseSelection(options, { now, providers: [] })
  const isWanted = createMatcher({ hidden: 'include', ...query })
  if (usage.length > 0)
    throw new Problem(
      '--used and --unused cannot be combined with --from: saved images do not contain usage',
      EXIT.usage,
    )
  const readEvidence = (record: unknown): FieldEvidence | null => {
    const explained = explainRecord(record, '', dump)
    if (E.isLeft(explained)) return null
    return Object.fromEntries(explained.right.fields.map(({ field, evidence }) => [field, evidence])) as Record<
      FieldName,
      Evidence
    >
  }

  const exporter = await openExporter(target, options, 'file', now)
  try {
    const batch = orEnd(await exporter.writer.begin())
    const clouds = new Map<string, CloudIdentity>()
    // If it were thrown, `readImages` would report an unreadable file.
    let failure: StoreError | null = null
    const outcome = await readImages(
      options.from ?? [],
      dump,
      {
        image: (image, _drift, raw, record) => {
          const { provider, cloud, region } = image.ref
          clouds.set(JSON.stringify([provider, cloud, region]), { provider, cloud, region })
          if (failure !== null || !isWanted(image)) return
          batch.add(image, {
            raw: options.raw === true ? (raw ?? JSON.stringify(record)) : null,
            evidence: options.evidence === true ? readEvidence(record) : null,
          })
        },
        flush: async () => {
          if (failure === null) failure = O.toNullable(O.getLeft(await batch.flush()))
        },
      },
      messages,
    )
    if (failure !== null) throw toStoreProblem(failure)
    const exitCode = outcomeToExitCode(outcome)
    if (outcome.images === 0 && exitCode !== EXIT.done)
      throw new Problem(`no image could be read: nothing was stored in ${target.title}`, exitCode)
    const images = toImagesState(options, outcome)
    const states = [...clouds.values()].map((cloud): CloudState => ({
      cloud,
      images,
      rejected: outcome.rejected,
      usage: null,
      prices: null,
    }))
    const changes = orEnd(await batch.commit(states))
    orEnd(await exporter.writer.close())
    if (options.quiet !== true) printMessage(output, formatChanges(changes, exporter))
    await output.end()
    return exitCode
  } catch (thrown) {
    await exporter.writer.discard()
    throw thrown
  }
}
