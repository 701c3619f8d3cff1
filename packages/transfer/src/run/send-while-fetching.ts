import { aborted, classifyUploadError, formatError, linkSignals, type ImageError, type ImageSource } from '@imago/core'
import { createChunkPool } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { createGrowingFile } from '../bytes/growing-file.ts'
import type { Ready } from '../journal/entry.ts'
import type { TransferOutcome } from '../journal/outcome.ts'
import { isPacked } from '../plan/format.ts'
import type { Plan } from '../plan/plan.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { fetchImage } from './fetch-image.ts'
import { SENT_CHUNK } from './file-bytes.ts'
import { selectAlgorithm } from './meter.ts'
import { prepareGrowing } from './prepare-upload.ts'
import { concludeUpload, sendToCloud } from './send-to-cloud.ts'
import { declaredDigests, expectedDigests } from './source-check.ts'
import { selectAlgorithms } from './stage-bytes.ts'
import type { StagedImage } from './staged-image.ts'
import { uploadImage } from './upload-image.ts'
import type { UploadedImage } from './uploaded-image.ts'

/** In bytes. Smaller images take seconds: they are verified before anything is created at the target. */
export const MIN_OVERLAPPED_BYTES = 128 * 2 ** 20

/**
 * Size of an image that may be sent while it is fetched; `null`: it must be fetched first.
 * - Unchanged bytes of known size, to a target that accepts all of them or none, and reports their digest.
 * - Not if the user gave a digest: nothing is created from bytes without it.
 * @param least size of an image that is sent while it is fetched, in bytes.
 */
export const findSizeToSend = (
  { source, target, format }: Plan,
  { capabilities }: ImageSource,
  least: number,
): number | null => {
  const isWhole = source.kind === 'url' || (source.kind === 'image' && source.exact)
  const isUnchanged = isWhole && !format.convert && !isPacked(format)
  const isAccepted = target.kind === 'cloud' && target.by === 'upload' && capabilities.digests.length > 0
  const isAllowed = isUnchanged && isAccepted && expectedDigests(source).length === 0
  return isAllowed && source.size !== null && source.size >= least ? source.size : null
}

type Emit = RunContext['emit']
type Event = Parameters<Emit>[0]

/** Holds back the steps of the upload, so that steps and their progress are reported one after the other. */
const holdSteps = (emit: Emit): { readonly emit: Emit; readonly release: () => void } => {
  let held: Event[] | null = []
  return {
    emit: (event) => {
      if (held === null || event.event === 'note' || event.event === 'retry') return emit(event)
      const step = held.at(-1)
      if (event.event === 'progress' && step?.event === 'step') held[held.length - 1] = { ...step, from: event.bytes }
      else if (event.event !== 'progress') held.push(event)
    },
    release: () => {
      const steps = held ?? []
      held = null
      steps.forEach(emit)
    },
  }
}

/** Whether another attempt may succeed. */
const mayRepeat = (error: ImageError): boolean => error._tag !== 'Aborted' && classifyUploadError(error) === 'failed'

/** Waits for `work`. Its result is returned, or its exception thrown, when that is asked for: until then, it is not unhandled. */
const settle = async <A>(work: Promise<A>): Promise<() => A> => {
  try {
    const value = await work
    return () => value
  } catch (thrown) {
    return () => {
      throw thrown
    }
  }
}

/**
 * Sends the image while it is fetched. The last chunk is sent only if digest and inspection agree with the plan, so no image becomes active without them.
 * If the upload fails in a way that another may succeed, the image is sent again from the spool, once it is fetched.
 */
export const sendWhileFetching = async (
  context: RunContext,
  target: ImageSource,
  size: number,
): Promise<E.Either<ImageError, TransferOutcome>> => {
  const { plan, emit, signal } = context
  const fetching = linkSignals(signal)
  const growing = createGrowingFile(size, createChunkPool(SENT_CHUNK), TRANSFER_SITE)
  const algorithm = selectAlgorithm(selectAlgorithms(declaredDigests(plan.source), target.capabilities.digests))
  const steps = holdSteps(emit)
  let ready: Ready | null = null
  let isFetched = false
  let hasFailed = false

  const send = async (): Promise<E.Either<ImageError, UploadedImage>> => {
    const uploaded = await uploadImage({ ...context, emit: steps.emit }, target, {
      size,
      prepare: () => prepareGrowing(growing.bytes, algorithm, () => ready),
      attempts: 1,
    })
    hasFailed = E.isLeft(uploaded)
    if (E.isRight(uploaded) || isFetched) return uploaded
    if (mayRepeat(uploaded.left))
      emit({ event: 'note', what: `the image is sent again once it is fetched: ${formatError(uploaded.left)}` })
    // What the target refuses need not be fetched.
    else fetching.abort()
    return uploaded
  }
  const uploading = settle(send())

  const fetch = async (): Promise<E.Either<ImageError, StagedImage>> => {
    let result: E.Either<ImageError, StagedImage> = E.left(aborted(TRANSFER_SITE))
    try {
      result = await fetchImage({ ...context, signal: fetching.signal }, { growing, isSent })
      return result
    } finally {
      isFetched = true
      fetching.release()
      growing.end(E.isLeft(result) ? result.left : null)
    }
  }
  const isSent = async (measured: Ready): Promise<boolean> => {
    ready = measured
    isFetched = true
    if (!hasFailed) steps.release()
    growing.end(null)
    return E.isRight((await uploading)())
  }
  const fetched = await settle(fetch())
  const sent = await uploading
  const staged = fetched()
  const uploaded = sent()
  if (E.isLeft(staged)) {
    const isRefused = staged.left._tag === 'Aborted' && signal?.aborted !== true
    return isRefused && E.isLeft(uploaded) ? uploaded : staged
  }
  return E.isLeft(uploaded) && mayRepeat(uploaded.left)
    ? sendToCloud(context, target, 'upload', staged.right)
    : concludeUpload(context, target, staged.right, uploaded)
}
