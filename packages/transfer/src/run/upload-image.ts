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
import type { StagedImage } from './fetch-image.ts'
import { adoptImage as adoptedImage, findForeignReason } from './own-image.ts'
import { prepareUpload } from './prepare-upload.ts'
import { pause, retrying } from './retry.ts'

/** What this run has handed over to its image so far, as its journal says. */
const earlierOf = (state: RunState): UploadFailure['sent'] => {
  if (!state.sending) return 'nothing'
  return state.offered ? 'all' : 'part'
}

/** The same bytes. Before the last of them are given, the journal says so: where a process died before that, the target cannot have got all of them. */
const noting = ({ journal }: RunContext, id: string, bytes: ByteSource): ByteSource => {
  const note = async (): Promise<ImageError | null> => {
    try {
      if (!journal.state().offered) await journal.note({ entry: 'last-chunk', id })
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

/** What an image is for whoever has sent to it, where its source tells nothing but its status. */
const targetOf = (image: Image, error: ImageError): UploadFailure['image'] => {
  switch (image.status) {
    case 'available':
      return 'whole'
    case 'pending':
      // Without data, and yet no data are taken: they are being sent by someone.
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

/** What became of an upload that failed: as its source says, or as the image shows. `earlier`: what had been handed over before. */
const seen = async (
  context: RunContext,
  source: ImageSource,
  id: string,
  error: ImageError,
  earlier: UploadFailure['sent'],
): Promise<UploadFailure> => {
  if (error.upload !== undefined) return error.upload
  const known = {
    response: classifyUploadError(error),
    sent: error._tag === 'Conflict' ? earlier : earlierOf(context.journal.state()),
    bytes: 0,
  } as const
  if (error._tag === 'Aborted') return { ...known, image: 'unknown' }
  const found = await retrying(context, 'upload', () => source.get(id, { signal: context.signal })())
  if (E.isLeft(found)) return { ...known, image: found.left._tag === 'NotFound' ? 'gone' : 'unknown' }
  const foreign = await findForeignReason(context.run, source, found.right, { signal: context.signal })
  if (E.isLeft(foreign)) return { ...known, image: 'unknown' }
  return { ...known, image: foreign.right === null ? targetOf(found.right, error) : 'foreign' }
}

/** Somebody has protected what this run has not finished: it is theirs to say what becomes of it. */
const inOurWay = (
  site: ErrorSite,
  id: string,
  refusal: Extract<ImageError, { readonly _tag: 'Forbidden' }>,
): ImageError => {
  const { what, reason } = refusal
  if (reason !== 'protected') return refusal
  return forbidden(site, {
    what: `image ${id} was left unfinished by an earlier try of this run, and cannot be removed: ${what}`,
    reason,
    hint: 'Unprotect it, or remove it, then resume',
  })
}

/** Data are being written to the image, and this run has sent none. */
const busy = (site: ErrorSite, id: string): ImageError =>
  conflict(site, {
    what: `image ${id} is being written to by another run of this plan`,
    hint: 'Wait for it; if there is none, remove the image, then resume',
  })

const isWholly = (image: Image): boolean => image.status === 'available'

/**
 * Sends the bytes into the record of this run, at most `retry.attempts` times in all, whatever happens. What follows a failure is decided by
 * `decideUploadStep`; another image is made only where this one is gone, or can never become whole.
 */
export const uploadImage = async (
  context: RunContext,
  source: ImageSource,
  cargo: StagedImage,
): Promise<E.Either<ImageError, UploadedImage>> => {
  const { run, plan, journal, signal, retry, options, emit } = context
  const { request, target } = plan
  if (request === null || target.kind !== 'cloud') throw new TypeError('a plan into a cloud has a request')
  const site = createErrorSite(source.cloud, 'upload')
  const { sent } = journal.state()
  if (sent !== null) {
    const found = await retrying(context, 'verify', () => source.get(sent.id, { signal })())
    if (E.isLeft(found) && found.left._tag !== 'NotFound') return found
    if (E.isRight(found)) {
      const own = await adoptedImage(run, source, found.right, createErrorSite(source.cloud, 'verify'), { signal })
      if (E.isLeft(own)) return own
      if (isWholly(own.right)) return E.right({ image: own.right, verified: sent.verified, adopted: sent.adopted })
    }
    await journal.note({ entry: 'deleted', id: sent.id })
  }
  /** Removes the image, unless that is not wanted. The error: why it could not be. */
  const remove = async (id: string): Promise<ImageError | null> =>
    options.keepFailed === true ? null : deleteUnfinished(context, source, id)
  for (let tries = 1; ; tries++) {
    const record = await ensureRecord(context, source, request)
    if (E.isLeft(record)) return record
    const { image } = record.right
    const { id } = image.ref
    if (isWholly(image)) {
      // Not this process's: it may be another run of the same plan, or the answer to this one's upload was lost.
      const adopted = !journal.state().sending
      await journal.note({ entry: 'sent', id, verified: null, adopted })
      return E.right({ image, verified: null, adopted })
    }
    const earlier = earlierOf(journal.state())
    await beginStep(context, 'upload', 0, cargo.ready.size)
    if (earlier === 'nothing') await journal.note({ entry: 'sending', id })
    const onProgress = createProgress(context, 'upload', cargo.ready.size)
    const onStep = (what: string): void => emit({ event: 'note', what })
    const { bytes, digest, digests } = prepareUpload(context, cargo, source.capabilities)
    const uploaded = await perform(source, 'upload', id, noting(context, id, bytes), {
      signal,
      earlier,
      onProgress,
      onStep,
      digest,
      ...(target.store === null ? {} : { store: target.store }),
    })()
    if (E.isRight(uploaded)) {
      const known = digests()
      if (known !== null)
        await journal.note({ entry: 'ready', item: 'source', ready: { ...cargo.ready, digests: known } })
      await journal.note({ entry: 'sent', id, verified: null, adopted: false })
      return E.right({ image: uploaded.right, verified: null, adopted: false })
    }
    const error = uploaded.left
    const state = await seen(context, source, id, error, earlier)
    // Not a byte of this run's was taken.
    if (state.sent === 'nothing') await journal.note({ entry: 'creating', attempt: journal.state().attempt, id })
    const stopped = async (why: ImageError): Promise<E.Either<ImageError, UploadedImage>> => {
      const step = decideUploadStep({ ...state, canWait: false, canRetry: false })
      const refusal = step === 'delete' ? await remove(id) : null
      if (step === 'keep' && state.image === 'gone') await journal.note({ entry: 'deleted', id })
      if (refusal?._tag === 'Forbidden' && state.image === 'receiving') return E.left(inOurWay(site, id, refusal))
      return E.left(state.image === 'receiving' && state.sent === 'nothing' && why === error ? busy(site, id) : why)
    }
    const canRetry = tries < retry.attempts && error._tag !== 'Aborted'
    switch (decideUploadStep({ ...state, canWait: false, canRetry })) {
      case 'done':
      case 'compare': {
        // The next step of the run compares.
        const found = await retrying(context, 'upload', () => source.get(id, { signal })())
        if (E.isLeft(found)) return found
        const own = await adoptedImage(run, source, found.right, site, { signal })
        if (E.isLeft(own)) return own
        const adopted = state.sent === 'nothing'
        await journal.note({ entry: 'sent', id, verified: null, adopted })
        return E.right({ image: own.right, verified: null, adopted })
      }
      case 'replace': {
        const refusal = state.image === 'gone' ? null : await deleteUnfinished(context, source, id)
        if (refusal?._tag === 'Forbidden') return E.left(inOurWay(site, id, refusal))
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
