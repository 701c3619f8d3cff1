import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { integrityFailed, isRetryable, type Digest, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { ExpectedDigest } from '../digests/expected-digest.ts'
import type { Ready } from '../journal/entry.ts'
import type { RunContext } from './context.ts'
import { toRunError } from './file-bytes.ts'
import { selectAlgorithm, selectComparable, createMeter, type Measured, type Meter } from './meter.ts'
import { readOn, syncAll, syncPart } from './read-on.ts'
import { pause } from './retry.ts'
import { watchEnds } from './same-end.ts'
import { findExpectedMismatch } from './source-check.ts'
import { hasDigest, type StageRequest } from './stage-request.ts'

/** Reads a staged part again for the digests and the inspection. */
const replay = async (path: string, bytes: number, meter: Meter): Promise<void> => {
  if (bytes === 0) return
  for await (const chunk of createReadStream(path, { start: 0, end: bytes - 1, highWaterMark: 2 ** 20 }))
    await meter.write(chunk as Buffer)
}

/** The usable length of a staged part. Without a digest of the whole, only synced bytes are usable. */
const findUsableLength = async ({ journal, spool, run }: RunContext, request: StageRequest): Promise<number> => {
  const { item, size, resumable } = request
  const here = (await spool.findSize(run, item, 'part')) ?? 0
  if (!resumable || (size !== null && here > size)) return 0
  return hasDigest(request) ? here : Math.min(here, journal.state().synced[item] ?? 0)
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
