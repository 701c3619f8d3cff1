import { integrityFailed, type ByteSource, type Capabilities, type ImageError, type KnownDigest } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { guardEnd } from '../bytes/guard-end.ts'
import { toIterable } from '../bytes/to-iterable.ts'
import type { Ready } from '../journal/entry.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { bytesToSend, isWhole, withholdEndUnless } from './file-bytes.ts'
import { selectAlgorithm, createMeter, type Measured, type Meter } from './meter.ts'
import { checkDiskBytes } from './check-staged-bytes.ts'
import type { StagedImage } from './staged-image.ts'
import { adviseNewPlan } from './resumable.ts'
import { checkUnchanged } from './source-bytes.ts'

/**
 * The bytes to send. If the target reports a digest, that is compared afterwards. Otherwise, and for a file in place, the last chunk is withheld
 * until the bytes have the digest of what was inspected.
 */
export const createOutgoingBytes = ({ path, ready, inPlace }: StagedImage, { digests }: Capabilities): ByteSource => {
  const bytes = bytesToSend(path, ready.size, TRANSFER_SITE)
  const algorithm = selectAlgorithm(Object.keys(ready.digests))
  const expected = ready.digests[algorithm]
  return expected === undefined || (digests.length > 0 && !inPlace)
    ? bytes
    : withholdEndUnless(bytes, algorithm, expected, TRANSFER_SITE)
}

/** Bytes to upload, with the digests that are computed on the way. */
export interface PreparedUpload {
  readonly bytes: ByteSource
  readonly digest: KnownDigest
  /** Records what was learned of the bytes while they were sent. */
  readonly noteSent: () => Promise<void>
}

/** Measures bytes while they are read. The meter may use a thread, so it is created with the first chunk. */
const measureBytes = (
  chunks: AsyncIterable<Uint8Array>,
  createOwn: () => Meter,
  done: (measured: Measured) => void,
): AsyncIterable<Uint8Array> => {
  const inner = chunks[Symbol.asyncIterator]()
  let meter: Meter | null = null
  const next = async (): Promise<Uint8Array | null> => {
    meter ??= createOwn()
    const result = await inner.next()
    if (result.done === true) {
      done(await meter.end())
      return null
    }
    await meter.write(result.value)
    return result.value
  }
  const close = async (): Promise<void> => {
    meter?.close()
    await inner.return?.()
  }
  return toIterable({ next, close })
}

/** Hashes and inspects a file in place during the upload. The last chunk is sent only if it is safe and unchanged. */
const prepareMeasured = (
  context: RunContext,
  { path, ready }: StagedImage,
  { digests }: Capabilities,
): PreparedUpload => {
  const algorithm = selectAlgorithm(digests)
  const bytes = bytesToSend(path, ready.size, TRANSFER_SITE)
  let measured: Measured | null = null
  const refusal = async (): Promise<ImageError | null> => {
    const same = await checkUnchanged(context, false)
    // A new plan is needed: a retry cannot help.
    if (E.isLeft(same))
      return integrityFailed(TRANSFER_SITE, {
        what: same.left.what,
        ...adviseNewPlan('when no program writes to the file'),
        expected: 'the file as it was inspected',
        actual: 'another',
      })
    return measured === null ? null : checkDiskBytes(context, context.plan.format.from)(measured, null)
  }
  const watched = (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    measured = null
    const createOwn = (): Meter => createMeter([algorithm], ready.size, context.tools)
    return guardEnd(
      measureBytes(chunks, createOwn, (all) => void (measured = all)),
      refusal,
    )
  }
  return {
    bytes: {
      size: bytes.size,
      open: (range, signal) =>
        isWhole(range, bytes.size) ? pipe(bytes.open(range, signal), TE.map(watched)) : bytes.open(range, signal),
    },
    digest: { algorithm, value: () => measured?.digests[algorithm] ?? null },
    noteSent: async () => {
      if (measured === null) return
      await context.journal.note({
        entry: 'ready',
        item: 'source',
        ready: { ...ready, digests: measured.digests },
      })
    },
  }
}

/** Prepares the upload of a staged image. */
export const prepareUpload = (context: RunContext, staged: StagedImage, capabilities: Capabilities): PreparedUpload => {
  const { digests } = staged.ready
  const algorithm = selectAlgorithm(Object.keys(digests))
  const value = digests[algorithm]
  if (value === undefined) return prepareMeasured(context, staged, capabilities)
  return {
    bytes: createOutgoingBytes(staged, capabilities),
    digest: { algorithm, value: () => value },
    noteSent: () => Promise.resolve(),
  }
}

/** Sends bytes that are still being staged. `ready`: what was measured of them, once they are valid. */
export const prepareGrowing = (bytes: ByteSource, algorithm: string, ready: () => Ready | null): PreparedUpload => ({
  bytes,
  digest: { algorithm, value: () => ready()?.digests[algorithm] ?? null },
  noteSent: () => Promise.resolve(),
})
