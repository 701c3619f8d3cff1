import type { ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExtractionOptions } from '../archive/extract.ts'
import type { LimitAdvice } from '../decompress/decompress.ts'
import type { Ready } from '../journal/entry.ts'
import { checkDiskBytes } from './check-staged-bytes.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { fileBytes } from './file-bytes.ts'
import { selectAlgorithms, stageBytes } from './stage-bytes.ts'
import { readTargetDigests } from './staged-digests.ts'
import type { StagedImage } from './staged-image.ts'

const RAISE_SPOOL_LIMIT: LimitAdvice = {
  hint: 'Raise the limit of the spool if the disk is that large',
  changes: [{ parameter: 'spoolLimit', values: [] }],
}

/** The most bytes of an unpacked disk: its declared size if it is raw, or the limit of the spool. */
const getUnpackLimit = ({ plan: { format }, options }: RunContext): Pick<ExtractionOptions, 'maxBytes' | 'advice'> => {
  if (format.from === 'raw' && format.virtualSize !== null) return { maxBytes: format.virtualSize }
  const { spoolLimit = null } = options
  return spoolLimit === null ? { maxBytes: null } : { maxBytes: spoolLimit, advice: RAISE_SPOOL_LIMIT }
}

/** Decompresses the source, or extracts the disk from it, in one pass. */
export const unpackSource = async (
  context: RunContext,
  from: StagedImage,
): Promise<E.Either<ImageError, StagedImage>> => {
  const { plan, spool, run, tools, emit } = context
  const { compression, archive } = plan.format
  const step = archive === undefined ? 'decompress' : 'extract'
  const packed = fileBytes(from.path, from.ready.size, TRANSFER_SITE)
  const limits = getUnpackLimit(context)
  const bytes =
    archive !== undefined
      ? tools.extract(
          packed,
          { ...archive, compression },
          { ...limits, note: (what) => emit({ event: 'note', what }) },
          TRANSFER_SITE,
        )
      : compression === null
        ? packed
        : tools.decompress(packed, compression, limits, TRANSFER_SITE)
  await context.journal.note({ entry: 'step', step })
  const ready = await stageBytes(
    context,
    {
      step,
      item: 'disk',
      bytes: () => TE.right(bytes),
      size: null,
      digests: [],
      resumable: false,
      check: checkDiskBytes(context, plan.format.from),
      site: TRANSFER_SITE,
    },
    selectAlgorithms([], await readTargetDigests(context)),
  )
  return E.map((done: Ready): StagedImage => ({ path: spool.readyPath(run, 'disk'), ready: done, inPlace: false }))(
    ready,
  )
}
