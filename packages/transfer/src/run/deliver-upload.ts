import { conflict, forbidden, isRetryable, perform, siteOf, type ErrorSite, type Image, type ImageError, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { removeUnfinished } from './clean-up.ts'
import { beginStep, progressOf, type RunContext } from './context.ts'
import { ensureRecord } from './deliver-record.ts'
import type { Delivered } from './delivered.ts'
import type { Cargo } from './obtain.ts'
import { adopted as adoptedImage } from './own-image.ts'
import { sending } from './outgoing.ts'
import { pause, retrying } from './retry.ts'

/** How often a record is asked again that an earlier sending of this run's left occupied: a server that was stopped in its midst never frees it. */
const OWN_ATTEMPTS = 3

/** What became of the image after an upload that failed. */
type Aftermath = 'whole' | 'empty' | 'busy' | 'gone'

const aftermath = async (context: RunContext, source: ImageSource, id: string, error: ImageError): Promise<E.Either<ImageError, { readonly state: Aftermath; readonly image: Image | null }>> => {
  const found = await retrying(context, 'upload', () => source.get(id, { signal: context.signal })())
  if (E.isLeft(found)) return found.left._tag === 'NotFound' ? E.right({ state: 'gone', image: null }) : found
  const own = await adoptedImage(context.run, source, found.right, siteOf(source.cloud, 'upload'), { signal: context.signal })
  if (E.isLeft(own)) return own
  const image = own.right
  if (image.status === 'available') return E.right({ state: 'whole', image })
  if (image.status !== 'pending') return E.right({ state: 'gone', image })
  // Without data, and yet no data are taken: they are being sent by someone.
  return E.right({ state: error._tag === 'Conflict' ? 'busy' : 'empty', image })
}

/** Somebody has protected what this run has not finished: it is theirs to say what becomes of it. */
const inOurWay = (site: ErrorSite, id: string, { what, reason }: Extract<ImageError, { readonly _tag: 'Forbidden' }>): ImageError =>
  forbidden(site, { what: `image ${id} was left unfinished by an earlier try of this run, and cannot be removed: ${what}`, reason, hint: 'Unprotect it, or remove it, then resume' })

const isWholly = (image: Image): boolean => image.status === 'available'

/**
 * Sends the bytes into the record of this run. A target takes all or nothing, so a failure that may pass is answered by sending them again; a
 * record that vanished, or is stuck with what a dead process began, by another one.
 */
export const deliverByUpload = async (context: RunContext, source: ImageSource, cargo: Cargo): Promise<E.Either<ImageError, Delivered>> => {
  const { run, plan, journal, signal, retry } = context
  const { request, target } = plan
  if (request === null || target.kind !== 'cloud') throw new TypeError('a plan into a cloud has a request')
  const { sent } = journal.state()
  if (sent !== null) {
    const found = await retrying(context, 'verify', () => source.get(sent.id, { signal })())
    if (E.isLeft(found) && found.left._tag !== 'NotFound') return found
    if (E.isRight(found)) {
      const own = await adoptedImage(run, source, found.right, siteOf(source.cloud, 'verify'), { signal })
      if (E.isLeft(own)) return own
      if (isWholly(own.right)) return E.right({ image: own.right, verified: sent.verified, adopted: sent.adopted })
    }
    await journal.note({ entry: 'removed', id: sent.id })
  }
  for (let attempt = 1; ; attempt++) {
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
    const wasSending = journal.state().sending
    await beginStep(context, 'upload', 0, cargo.ready.size)
    if (!wasSending) await journal.note({ entry: 'sending', id })
    const onProgress = progressOf(context, 'upload', cargo.ready.size)
    const { bytes, digest, digests } = sending(context, cargo, source.capabilities)
    const uploaded = await perform(source, 'upload', id, bytes, { signal, onProgress, digest, ...(target.store === null ? {} : { store: target.store }) })()
    if (E.isRight(uploaded)) {
      const known = digests()
      if (known !== null) await journal.note({ entry: 'ready', item: 'source', ready: { ...cargo.ready, digests: known } })
      await journal.note({ entry: 'sent', id, verified: null, adopted: false })
      return E.right({ image: uploaded.right, verified: null, adopted: false })
    }
    const error = uploaded.left
    const mayPass = isRetryable(error) || error._tag === 'Conflict' || error._tag === 'NotFound'
    if (!mayPass) {
      if (context.options.keepFailed !== true) await removeUnfinished(context, source, id)
      return uploaded
    }
    const after = await aftermath(context, source, id, error)
    if (E.isLeft(after)) return after
    if (after.right.state === 'whole' && after.right.image !== null) {
      await journal.note({ entry: 'sent', id, verified: null, adopted: error._tag === 'Conflict' })
      return E.right({ image: after.right.image, verified: null, adopted: error._tag === 'Conflict' })
    }
    if (after.right.state === 'gone') await journal.note({ entry: 'removed', id })
    // Not a byte of this run's was taken.
    if (after.right.state === 'busy' && !wasSending) await journal.note({ entry: 'creating', attempt: journal.state().attempt, id })
    const ownIsStuck = after.right.state === 'busy' && wasSending && attempt >= OWN_ATTEMPTS
    if (attempt >= retry.attempts || ownIsStuck) {
      if (after.right.state === 'busy') {
        // A dead process of this run left it so: nobody else sends to an id that is made of this run, unless on another machine.
        if (wasSending) {
          const refusal = await removeUnfinished(context, source, id)
          if (journal.state().creating === null) {
            attempt = 0
            continue
          }
          if (refusal?._tag === 'Forbidden') return E.left(inOurWay(siteOf(source.cloud, 'upload'), id, refusal))
        }
        return E.left(conflict(siteOf(source.cloud, 'upload'), { what: `image ${id} is being written to by another run of this plan`, hint: 'Wait for it; if there is none, remove the image, then resume' }))
      }
      if (context.options.keepFailed !== true && after.right.state === 'empty') await removeUnfinished(context, source, id)
      return uploaded
    }
    const waited = await pause(context, 'upload', attempt, error)
    if (E.isLeft(waited)) {
      if (context.options.keepFailed !== true) await removeUnfinished(context, source, id)
      return waited
    }
  }
}
