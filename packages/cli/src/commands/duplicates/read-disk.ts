import { createErrorSite, type Image, type ImageError, type ImageSource } from '@imago/core'
import {
  applyPlan,
  discardRun,
  findBlockers,
  inspectSource,
  planTransfer,
  type CompressionKind,
  type Plan,
  type RunOptions,
  type TransferSource,
} from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { rm } from 'node:fs/promises'
import { formatErrorLine } from '../../live-problem.ts'

/** The digest of the raw disk of an image, or why it cannot be read. */
export type DiskReading =
  | { readonly result: 'read'; readonly sha512: string; readonly bytes: number }
  | { readonly result: 'unread'; readonly reason: string; readonly error: ImageError | null }

/** An image to read. `plan` decompresses and converts it to a raw disk in a file. */
export interface PlannedReading {
  readonly image: Image
  /** `null`: the image cannot be read, for `reason`. */
  readonly plan: Plan | null
  readonly reason: string | null
}

/** The maximum number of bytes to read to detect the compression. */
const HEAD_BYTES = 2 ** 20

/** Detects the compression of stored bytes. A download that orders a temporary server is not started for this: its bytes are a raw disk. */
const detectStoredCompression = async (
  image: Image,
  source: ImageSource,
  signal: RunOptions['signal'],
): Promise<CompressionKind | null> => {
  const bytes = await source.download?.(image.ref.id, { signal })()
  if (bytes === undefined || E.isLeft(bytes)) return null
  const facts = await inspectSource(bytes.right, {
    site: createErrorSite(source.cloud, 'download'),
    isSeekable: false,
    maxBytes: HEAD_BYTES,
    archive: 'none',
    signal,
  })
  return E.isRight(facts) ? facts.right.compression : null
}

/** Plans to read an image as a raw disk into `path`. */
export const planReading = async (
  image: Image,
  source: ImageSource,
  from: TransferSource,
  path: string,
  signal: RunOptions['signal'],
): Promise<PlannedReading> => {
  const makePlan = (compression?: CompressionKind): Plan =>
    planTransfer(
      from,
      { kind: 'file', path },
      { diskFormat: 'raw', ...(compression === undefined ? {} : { compression }) },
    )
  const plan = makePlan()
  const compression =
    plan.source.kind === 'image' && plan.source.exact && findBlockers(plan).length === 0
      ? await detectStoredCompression(image, source, signal)
      : null
  const final = compression === null ? plan : makePlan(compression)
  const [blocker] = findBlockers(final)
  return blocker === undefined ? { image, plan: final, reason: null } : { image, plan: null, reason: blocker.what }
}

/** Reads an image by its plan, and returns the SHA-512 of its raw disk. Leaves no file and no run behind, even if it fails or is interrupted. */
export const readDisk = async (plan: Plan, path: string, options: RunOptions): Promise<DiskReading> => {
  try {
    const outcome = await applyPlan(plan, options)()
    if (E.isLeft(outcome)) return { result: 'unread', reason: formatErrorLine(outcome.left), error: outcome.left }
    const { digests, size } = outcome.right
    const sha512 = digests['sha512']
    if (sha512 === undefined) throw new Error('bug in imago: a transfer to a file did not compute SHA-512')
    return { result: 'read', sha512, bytes: size }
  } finally {
    await rm(path, { force: true })
    await discardRun(plan.id, options)()
  }
}
