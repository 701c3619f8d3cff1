import {
  decideUploadStep,
  conflict,
  forbidden,
  perform,
  createErrorSite,
  classifyUploadError,
  type ByteSource,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
  type UploadFailure,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { guardEnd } from '../bytes/guard-end.ts'
import type { RunState } from '../journal/state.ts'
import { deleteUnfinished } from './clean-up.ts'
import { beginStep, TRANSFER_SITE, createProgress, type RunContext } from './context.ts'
import { ensureRecord } from './ensure-record.ts'
import type { UploadedImage } from './uploaded-image.ts'
import { toRunError } from './file-bytes.ts'
import { adoptImage, findForeignReason } from './own-image.ts'
import type { PreparedUpload } from './prepare-upload.ts'
import { pause, retrying } from './retry.ts'

/** How much this run has already sent, according to its journal. */
const readSent = (state: RunState): UploadFailure['sent'] => {
  if (!state.sending) return 'nothing'
  return state.mayBeComplete ? 'all' : 'part'
}

/** The same bytes, with a journal entry before the last chunk: without that entry, the target cannot have all of them. */
const recordLastChunk = ({ journal }: RunContext, id: string, bytes: ByteSource): ByteSource => {
  const note = async (): Promise<ImageError | null> => {
    try {
      if (!journal.state().mayBeComplete) await journal.note({ entry: 'last-chunk', id })
      return null
    } catch (thrown) {
      return toRunError(TRANSFER_SITE, thrown)
    }
  }
  return {
    size: bytes.size,
    open: (range, signal) =>
      pipe(
        bytes.open(range, signal),
        TE.map((chunks) => guardEnd(chunks, note)),
      ),
  }
}

/** The state of the image after an upload, derived from its status alone. */
const deriveImageState = (image: Image, error: ImageError): UploadFailure['image'] => {
  switch (image.status) {
    case 'available':
      return 'whole'
    case 'pending':
      // It has no data, but accepts none: another client is sending them.
      return error._tag === 'Conflict' ? 'receiving' : 'empty'
    case 'unavailable':
      return 'withheld'
    case 'failed':
      return 'failed'
    case 'deleting':
    case 'deleted':
      return 'gone'
    case 'unknown':
      return 'unknown'
  }
}

/** The state after a failed upload, as the adapter or the image reports it. `earlier`: what had been sent before. */
const readFailure = async (
  context: RunContext,
  source: ImageSource,
  id: string,
  error: ImageError,
  earlier: UploadFailure['sent'],
): Promise<UploadFailure> => {
  if (error.upload !== undefined) return error.upload
  const known = {
    response: classifyUploadError(error),
    sent: error._tag === 'Conflict' ? earlier : readSent(context.journal.state()),
    bytes: 0,
  } as const
  if (error._tag === 'Aborted') return { ...known, image: 'unknown' }
  const found = await retrying(context, 'upload', () => source.get(id, { signal: context.signal })())
  if (E.isLeft(found)) return { ...known, image: found.left._tag === 'NotFound' ? 'gone' : 'unknown' }
  const foreign = await findForeignReason(context.run, source, found.right, { signal: context.signal })
  if (E.isLeft(foreign)) return { ...known, image: 'unknown' }
  return { ...known, image: foreign.right === null ? deriveImageState(found.right, error) : 'foreign' }
}

/** The error for an incomplete image of this run that somebody has protected. */
const protectedImage = (
  site: ErrorSite,
  id: string,
  refusal: Extract<ImageError, { readonly _tag: 'Forbidden' }>,
): ImageError => {
  const { what, reason } = refusal
  if (reason !== 'protected') return refusal
  return forbidden(site, {
    what: `the incomplete image ${id} of an earlier attempt cannot be deleted: ${what}`,
    reason,
    hint: 'Unprotect or delete it, then resume',
  })
}

/** The error for an image that another client is sending data to. */
const busy = (site: ErrorSite, id: string): ImageError =>
  conflict(site, {
    what: `image ${id} is being written to by another run of this plan`,
    hint: 'Wait until it has finished; if no run is in progress, delete the image, then resume',
  })

const isComplete = (image: Image): boolean => image.status === 'available'

/** Bytes to upload. */
export interface UploadSource {
  readonly size: number
  /** Called for each attempt. */
  readonly prepare: () => PreparedUpload
  /** The most attempts. */
  readonly attempts: number
}

/**
 * Uploads the bytes to the image of this run. `decideUploadStep` decides what follows a failure; another image is created
 * only if this one does not exist any more or can never become complete.
 */
export const uploadImage = async (
  context: RunContext,
  source: ImageSource,
  { size, prepare, attempts }: UploadSource,
): Promise<E.Either<ImageError, UploadedImage>> => {
  const { run, plan, journal, signal, options, emit } = context
  const { request, target } = plan
  if (request === null || target.kind !== 'cloud')
    throw new TypeError('bug in imago: a plan for a cloud has no request')
  const site = createErrorSite(source.cloud, 'upload')
  const { sent } = journal.state()
  if (sent !== null) {
    const found = await retrying(context, 'verify', () => source.get(sent.id, { signal })())
    if (E.isLeft(found) && found.left._tag !== 'NotFound') return found
    if (E.isRight(found)) {
      const own = await adoptImage(run, source, found.right, createErrorSite(source.cloud, 'verify'), { signal })
      if (E.isLeft(own)) return own
      if (isComplete(own.right)) return E.right({ image: own.right, verified: sent.verified, adopted: sent.adopted })
    }
    await journal.note({ entry: 'deleted', id: sent.id })
  }
  /** Deletes the image, unless it should be kept. Returns the provider's refusal. */
  const discard = async (id: string): Promise<ImageError | null> =>
    options.keepFailed === true ? null : deleteUnfinished(context, source, id)
  for (let tries = 1; ; tries++) {
    const record = await ensureRecord(context, source, request)
    if (E.isLeft(record)) return record
    const { image } = record.right
    const { id } = image.ref
    if (isComplete(image)) {
      // Another run of the same plan may have created it, or the response to this run's upload was lost.
      const adopted = !journal.state().sending
      await journal.note({ entry: 'sent', id, verified: null, adopted })
      return E.right({ image, verified: null, adopted })
    }
    const earlier = readSent(journal.state())
    await beginStep(context, 'upload', 0, size)
    if (earlier === 'nothing') await journal.note({ entry: 'sending', id })
    const onProgress = createProgress(context, 'upload', size)
    const onStep = (what: string): void => emit({ event: 'note', what })
    const { bytes, digest, noteSent } = prepare()
    const uploaded = await perform(source, 'upload', id, recordLastChunk(context, id, bytes), {
      signal,
      earlier,
      onProgress,
      onStep,
      digest,
      ...(target.store === null ? {} : { store: target.store }),
    })()
    if (E.isRight(uploaded)) {
      await noteSent()
      await journal.note({ entry: 'sent', id, verified: null, adopted: false })
      return E.right({ image: uploaded.right, verified: null, adopted: false })
    }
    const error = uploaded.left
    const state = await readFailure(context, source, id, error, earlier)
    // The target has accepted no byte of this run.
    if (state.sent === 'nothing') await journal.note({ entry: 'creating', attempt: journal.state().attempt, id })
    const stopped = async (why: ImageError): Promise<E.Either<ImageError, UploadedImage>> => {
      const step = decideUploadStep({ ...state, canWait: false, canRetry: false })
      const refusal = step === 'delete' ? await discard(id) : null
      if (step === 'keep' && state.image === 'gone') await journal.note({ entry: 'deleted', id })
      if (refusal?._tag === 'Forbidden' && state.image === 'receiving') return E.left(protectedImage(site, id, refusal))
      return E.left(state.image === 'receiving' && state.sent === 'nothing' && why === error ? busy(site, id) : why)
    }
    const canRetry = tries < attempts && error._tag !== 'Aborted'
    switch (decideUploadStep({ ...state, canWait: false, canRetry })) {
      case 'done':
      case 'compare': {
        // The verification compares them.
        const found = await retrying(context, 'upload', () => source.get(id, { signal })())
        if (E.isLeft(found)) return found
        const own = await adoptImage(run, source, found.right, site, { signal })
        if (E.isLeft(own)) return own
        const adopted = state.sent === 'nothing'
        await journal.note({ entry: 'sent', id, verified: null, adopted })
        return E.right({ image: own.right, verified: null, adopted })
      }
      case 'replace': {
        const refusal = state.image === 'gone' ? null : await deleteUnfinished(context, source, id)
        if (refusal?._tag === 'Forbidden') return E.left(protectedImage(site, id, refusal))
        if (refusal !== null) return E.left(error)
        if (state.image === 'gone') await journal.note({ entry: 'deleted', id })
        break
      }
      case 'wait':
      case 'retry':
        break
      case 'delete':
      case 'keep':
        return stopped(error)
    }
    const waited = await pause(context, 'upload', tries, error)
    if (E.isLeft(waited)) return stopped(waited.left)
  }
}
