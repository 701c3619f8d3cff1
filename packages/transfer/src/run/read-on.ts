import type { FileHandle } from 'node:fs/promises'
import { aborted, integrityFailed, unavailable, type ImageError } from '@imago/core'
import { createChunkPool, releaseChunk } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createBackgroundSync } from '../bytes/background-sync.ts'
import { joinChunks } from '../bytes/join-chunks.ts'
import { createSparseAppender } from '../bytes/sparse-appender.ts'
import type { SpoolItem } from '../journal/entry.ts'
import { createProgress, type RunContext } from './context.ts'
import { SENT_CHUNK, toRunError } from './file-bytes.ts'
import type { Meter } from './meter.ts'
import { adviseNewPlan } from './resumable.ts'
import { hasDigest, type StageRequest } from './stage-request.ts'

/** How many bytes a power failure may lose. */
const SYNC_EVERY = 64 * 2 ** 20

/** Makes one attempt to read the rest into a part of the spool. Right: the stream has ended. `have`: the bytes in the part, updated while they are written. */
export const readOn = async (
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

/** Syncs a part that is open. */
export const syncAll = async (
  { journal }: RunContext,
  item: SpoolItem,
  handle: FileHandle,
  bytes: number,
): Promise<void> => {
  await handle.sync()
  await journal.note({ entry: 'synced', item, bytes })
}

/** Syncs a part that is closed. */
export const syncPart = async (context: RunContext, item: SpoolItem, bytes: number): Promise<void> => {
  const handle = await context.spool.openPart(context.run, item, false)
  try {
    await syncAll(context, item, handle, bytes)
  } finally {
    await handle.close()
  }
}
