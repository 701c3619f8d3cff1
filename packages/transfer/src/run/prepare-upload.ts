import { integrityFailed, type ByteSource, type Capabilities, type ImageError, type KnownDigest } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { guardEnd } from '../bytes/guard-end.ts'
import { toIterable } from '../bytes/to-iterable.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { fileBytes, isWhole, withholdEndUnless } from './file-bytes.ts'
import { selectAlgorithm, createMeter, type Measured, type Meter } from './meter.ts'
import { checkDiskBytes, type StagedImage } from './fetch-image.ts'
import { adviseNewPlan } from './resumable.ts'
import { checkUnchanged } from './source-bytes.ts'

/**
 * What is sent. Where the target will tell a digest, that one is compared afterwards; else, and for a file that others may write to, the last
 * chunk is held back until what was read here is once more what was inspected.
 */
export const createOutgoingBytes = ({ path, ready, inPlace }: StagedImage, { digests }: Capabilities): ByteSource => {
  const bytes = fileBytes(path, ready.size, TRANSFER_SITE)
  const algorithm = selectAlgorithm(Object.keys(ready.digests))
  const expected = ready.digests[algorithm]
  return expected === undefined || (digests.length > 0 && !inPlace)
    ? bytes
    : withholdEndUnless(bytes, algorithm, expected, TRANSFER_SITE)
}

/** Bytes on their way to a target, and what becomes known of them there. */
export interface PreparedUpload {
  readonly bytes: ByteSource
  readonly digest: KnownDigest
  /** Of all of them; `null`: not all were read, or it was known before. */
  readonly digests: () => Readonly<Record<string, string>> | null
}

/** The meter may have a thread: it is made when the first chunk is asked for. Bytes that nobody begins to read are closed like any others. */
const metered = (
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

/** A file that others may write to: hashed and inspected on its way, and whole only if it is safe and still what the plan says. */
const sendMeasured = (context: RunContext, { path, ready }: StagedImage, { digests }: Capabilities): PreparedUpload => {
  const algorithm = selectAlgorithm(digests)
  const bytes = fileBytes(path, ready.size, TRANSFER_SITE)
  let measured: Measured | null = null
  const refusal = async (): Promise<ImageError | null> => {
    const same = await checkUnchanged(context, false)
    // Another plan is needed, and no other try.
    if (E.isLeft(same))
      return integrityFailed(TRANSFER_SITE, {
        what: same.left.what,
        ...adviseNewPlan('once nothing writes to it'),
        expected: 'the file as it was inspected',
        actual: 'another',
      })
    return measured === null ? null : checkDiskBytes(context, context.plan.format.from)(measured, null)
  }
  const watched = (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
    measured = null
    const createOwn = (): Meter => createMeter([algorithm], ready.size, context.tools)
    return guardEnd(
      metered(chunks, createOwn, (all) => void (measured = all)),
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
    digests: () => measured?.digests ?? null,
  }
}

/** What is sent to a target that takes files. */
export const prepareUpload = (context: RunContext, cargo: StagedImage, capabilities: Capabilities): PreparedUpload => {
  const { digests } = cargo.ready
  const algorithm = selectAlgorithm(Object.keys(digests))
  const value = digests[algorithm]
  if (value === undefined) return sendMeasured(context, cargo, capabilities)
  return {
    bytes: createOutgoingBytes(cargo, capabilities),
    digest: { algorithm, value: () => value },
    digests: () => null,
  }
}
