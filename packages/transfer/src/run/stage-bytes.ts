import { createReadStream } from 'node:fs'
import { stat, type FileHandle } from 'node:fs/promises'
import {
  aborted,
  integrityFailed,
  isRetryable,
  unavailable,
  type ImageResult,
  type ByteSource,
  type Digest,
  type ErrorSite,
  type ImageError,
} from '@imago/core'
import { createChunkPool, releaseChunk } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createBackgroundSync } from '../bytes/background-sync.ts'
import type { GrowingFile } from '../bytes/growing-file.ts'
import { joinChunks } from '../bytes/join-chunks.ts'
import { createSparseAppender } from '../bytes/sparse-appender.ts'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { Ready, SpoolItem } from '../journal/entry.ts'
import type { StepName } from '../plan/plan.ts'
import { createProgress, type RunContext } from './context.ts'
import { SENT_CHUNK, toRunError } from './file-bytes.ts'
import { selectAlgorithm, selectComparable, createMeter, type Measured, type Meter } from './meter.ts'
import { adviseNewPlan } from './resumable.ts'
import { pause } from './retry.ts'
import { watchEnds } from './same-end.ts'
import { findExpectedMismatch } from './source-check.ts'

/** Bytes to stage in the spool. */
export interface StageRequest {
  readonly step: StepName
  readonly item: SpoolItem
  readonly bytes: () => ImageResult<ByteSource>
  /** Expected bytes; `null`: unknown. */
  readonly size: number | null
  /** Digests that the source declares. */
  readonly digests: readonly Digest[]
  /** Digests that the publisher states. */
  readonly expected?: readonly ExpectedDigest[] | undefined
  /** Whether a staged part can be continued. Otherwise each attempt starts again. */
  readonly resumable: boolean
  /** Why all bytes together are not valid; `null`: they are. */
  readonly check: (measured: Measured, path: string) => Promise<ImageError | null>
  readonly site: ErrorSite
  /** Sends the bytes while they are staged. */
  readonly sender?: StagedSender | undefined
}

/** Sends bytes while they are staged. */
export interface StagedSender {
  /** Where they are read from. */
  readonly growing: GrowingFile
  /** Called when all bytes are valid. Returns whether all were sent, so that the spool does not have to keep them. */
  readonly isSent: (ready: Ready) => Promise<boolean>
}

/** How many bytes a power failure may lose. */
const SYNC_EVERY = 64 * 2 ** 20

/** Reads a staged part again for the digests and the inspection. */
const replay = async (path: string, bytes: number, meter: Meter): Promise<void> => {
  if (bytes === 0) return
  for await (const chunk of createReadStream(path, { start: 0, end: bytes - 1, highWaterMark: 2 ** 20 }))
    await meter.write(chunk as Buffer)
}

/** Whether all bytes together can be verified. */
const hasDigest = ({ digests, expected = [] }: StageRequest): boolean =>
  selectComparable(digests).length > 0 || expected.length > 0

/** The usable length of a staged part. Without a digest of the whole, only synced bytes are usable. */
const findUsableLength = async ({ journal, spool, run }: RunContext, request: StageRequest): Promise<number> => {
  const { item, size, resumable } = request
  const here = (await spool.findSize(run, item, 'part')) ?? 0
  if (!resumable || (size !== null && here > size)) return 0
  return hasDigest(request) ? here : Math.min(here, journal.state().synced[item] ?? 0)
}

/** One attempt to read the rest. Right: the stream has ended. */
const readOn = async (
  context: RunContext,
  request: StageRequest,
  handle: FileHandle,
  meter: Meter,
  have: { bytes: number },
): Promise<E.Either<ImageError, void>> => {
  const { journal, signal } = context
  const { item, size, site, sender } = request
  const source = await request.bytes()()
  if (E.isLeft(source)) return source
  if (source.right.size !== null && size !== null && source.right.size !== size) {
    return E.left(
      integrityFailed(site, {
        what: 'the size of the source has changed since the transfer was planned',
        ...adviseNewPlan(),
        expected: `${size} bytes`,
        actual: `${source.right.size} bytes`,
      }),
    )
  }
  // Providers of raw disks report the size only when the download starts.
  const onProgress = createProgress(context, request.step, size ?? source.right.size)
  const opened = await source.right.open({ start: have.bytes, end: null }, signal)()
  if (E.isLeft(opened)) return opened
  // The spool is temporary while the bytes are sent. It must only be synced if what a power failure leaves cannot be verified.
  const isSyncedOften = sender === undefined || !hasDigest(request)
  const appender = createSparseAppender(handle, have.bytes, sender?.growing.grow)
  let synced = have.bytes
  let reserved = have.bytes
  const background = createBackgroundSync(handle, (bytes) => journal.note({ entry: 'synced', item, bytes }))
  /** The disk may be slower than the network, so bytes are received during a sync. */
  const startSync = async (): Promise<void> => {
    await appender.flush()
    synced = have.bytes
    background.start(synced)
  }
  const sync = async (): Promise<void> => {
    await background.finish()
    if (have.bytes === synced) return
    await startSync()
    await background.finish()
  }
  try {
    for await (const chunk of joinChunks(opened.right, createChunkPool(SENT_CHUNK), signal)) {
      if (size !== null && have.bytes + chunk.length > size)
        return E.left(
          integrityFailed(site, {
            what: 'the source returned more bytes than it declares',
            expected: `${size} bytes`,
            actual: `more than ${size} bytes`,
          }),
        )
      await meter.write(chunk)
      await appender.write(chunk)
      have.bytes += chunk.length
      releaseChunk(chunk)
      onProgress(have.bytes)
      if (signal?.aborted === true) {
        await sync()
        return E.left(aborted(site))
      }
      if (isSyncedOften && have.bytes - synced >= SYNC_EVERY && !background.isRunning()) await startSync()
      if (size !== null || have.bytes - reserved < SYNC_EVERY) continue
      reserved = have.bytes
      const refused = await context.spool.refusal(context.run, SYNC_EVERY)
      if (refused !== null) return E.left(refused)
    }
    await appender.flush()
    await background.finish()
  } catch (thrown) {
    const error = toRunError(site, thrown)
    if (error._tag !== 'QuotaExceeded') await sync()
    return E.left(error)
  } finally {
    await background.settle()
  }
  const expected = size ?? source.right.size
  if (expected !== null && have.bytes < expected)
    return E.left(
      unavailable(site, {
        what: `the source ended after ${have.bytes} of ${expected} bytes`,
        truncated: { received: have.bytes, expected },
      }),
    )
  return E.right(undefined)
}

const syncAll = async ({ journal }: RunContext, item: SpoolItem, handle: FileHandle, bytes: number): Promise<void> => {
  await handle.sync()
  await journal.note({ entry: 'synced', item, bytes })
}

/** Syncs a part that is closed. */
const syncPart = async (context: RunContext, item: SpoolItem, bytes: number): Promise<void> => {
  const handle = await context.spool.openPart(context.run, item, false)
  try {
    await syncAll(context, item, handle, bytes)
  } finally {
    await handle.close()
  }
}

/** The error if the bytes do not have the declared digest; `null`: they have. */
const findMismatch = ({ digests, site }: StageRequest, measured: Measured): ImageError | null => {
  const declared = selectComparable(digests)[0]
  const actual = declared === undefined ? undefined : measured.digests[declared.algorithm]
  if (declared === undefined || actual === undefined || actual === declared.value.toLowerCase()) return null
  return integrityFailed(site, {
    what: 'the downloaded bytes do not have the digest that the source declares',
    expected: `${declared.algorithm}:${declared.value}`,
    actual: `${declared.algorithm}:${actual}`,
  })
}

/** The digests to compute: those of the source, and the one that the target reports. */
export const selectAlgorithms = (
  digests: readonly Digest[],
  targetDigests: readonly string[],
  expected: readonly ExpectedDigest[] = [],
): readonly string[] => [
  ...new Set([
    ...expected.map(({ algorithm }) => algorithm),
    ...selectComparable(digests)
      .slice(0, 1)
      .map(({ algorithm }) => algorithm),
    selectAlgorithm(targetDigests),
  ]),
]

/**
 * Stages bytes in the spool: continues a part, retries after retryable errors, and settles the part only when its size, digest and format are valid.
 * Invalid bytes are discarded; if they continued an earlier part, they are fetched again from the start.
 */
export const stageBytes = async (
  context: RunContext,
  request: StageRequest,
  algorithms: readonly string[],
): Promise<E.Either<ImageError, Ready>> => {
  const { run, spool, journal, tools, retry, emit } = context
  const { item, step, size, resumable, site, sender } = request
  await spool.prepare(run)
  const path = spool.partPath(run, item)
  let start = await findUsableLength(context, request)
  const missing = size === null ? null : size - start
  const refused = missing === null ? null : await spool.refusal(run, missing)
  if (refused !== null) return E.left(refused)
  for (let round = 0; ; round++) {
    const handle = await spool.openPart(run, item, start === 0)
    let meter = createMeter(algorithms, size, tools)
    let ended: E.Either<ImageError, void> = E.right(undefined)
    let measured: Measured | null = null
    const have = { bytes: start }
    const repeated = watchEnds(site, size)
    try {
      if ((await stat(path)).size !== start) await handle.truncate(start)
      sender?.growing.begin(path, start)
      await replay(path, start, meter)
      emit({
        event: 'step',
        step,
        what: context.plan.steps.find((one) => one.step === step)?.what ?? step,
        from: start,
        total: size,
      })
      for (let attempt = 1, before = have.bytes; have.bytes !== size || size === 0; attempt++) {
        if (!resumable && have.bytes > 0) {
          meter.close()
          meter = createMeter(algorithms, size, tools)
          await handle.truncate(0)
          have.bytes = 0
          sender?.growing.begin(path, 0)
        }
        ended = await readOn(context, request, handle, meter, have)
        if (resumable && have.bytes > before) attempt = 1
        before = have.bytes
        // All bytes are here, so the error of the connection does not matter.
        if (have.bytes === size && E.isLeft(ended) && isRetryable(ended.left)) ended = E.right(undefined)
        if (E.isRight(ended) || !isRetryable(ended.left)) break
        const failed = ended.left
        const final = repeated(failed, have.bytes)
        if (final !== null) ended = E.left(final)
        if (final !== null || attempt >= retry.attempts) break
        const waited = await pause(context, step, attempt, failed)
        if (E.isLeft(waited)) return waited
      }
      if (E.isRight(ended)) {
        if (sender === undefined) await syncAll(context, item, handle, have.bytes)
        measured = await meter.end()
      }
    } catch (thrown) {
      ended = E.left(toRunError(site, thrown))
    } finally {
      meter.close()
      await handle.close()
    }
    if (E.isLeft(ended)) {
      if (ended.left._tag === 'IntegrityFailed') {
        await spool.discard(run, item)
        await journal.note({ entry: 'discarded', item })
      }
      return ended
    }
    if (measured === null) throw new TypeError('bug in imago: the staged bytes were not measured')
    const wrong =
      findExpectedMismatch(site, request.expected ?? [], measured) ??
      findMismatch(request, measured) ??
      (await request.check(measured, path))
    if (wrong === null) {
      const ready: Ready = {
        size: measured.size,
        digests: measured.digests,
        virtualSize: measured.inspection.virtualSize,
        declared: hasDigest(request),
      }
      emit({ event: 'step-done', step, bytes: measured.size })
      if ((await sender?.isSent(ready)) !== true) {
        if (sender !== undefined) await syncPart(context, item, measured.size)
        await spool.settle(run, item)
        await journal.note({ entry: 'ready', item, ready })
      }
      return E.right(ready)
    }
    await spool.discard(run, item)
    await journal.note({ entry: 'discarded', item })
    if (start === 0 || round > 0 || wrong._tag !== 'IntegrityFailed') return E.left(wrong)
    emit({ event: 'note', what: 'the part from an earlier attempt was wrong: fetching it again from the start' })
    start = 0
  }
}
