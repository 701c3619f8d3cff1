import {
  listAll,
  perform,
  RUN_LABEL,
  unavailable,
  createErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
  type ImageStatus,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { deleteOrphans } from './clean-up.ts'
import { beginStep, createProgress, type RunContext } from './context.ts'
import type { UploadedImage } from './uploaded-image.ts'
import { hasRunTag, addRunTag } from './run-tags.ts'
import type { StagedImage } from './staged-image.ts'
import { createOutgoingBytes } from './prepare-upload.ts'
import { adoptImage, deleteOwnImage, findForeignReason } from './own-image.ts'
import { retrying } from './retry.ts'

/** The states of an image that can no longer be used. */
const GONE: ReadonlySet<ImageStatus> = new Set<ImageStatus>(['deleted', 'deleting', 'failed'])

/** Lists the images that this run has created, oldest first. */
const listOwnImages = async (
  context: RunContext,
  source: ImageSource,
): Promise<E.Either<ImageError, readonly Image[]>> => {
  const { run, signal } = context
  const labels = source.capabilities.changes.includes('labels') ? { labels: { [RUN_LABEL]: run } } : {}
  const listed = await retrying(context, 'upload', listAll(source, { ...labels, hidden: 'include' }, { signal }))
  if (E.isLeft(listed)) return listed
  const own: Image[] = []
  for (const image of listed.right.items.filter((one) => hasRunTag(run, one) && !GONE.has(one.status))) {
    const foreign = await findForeignReason(run, source, image, { signal })
    if (E.isLeft(foreign)) return foreign
    if (foreign.right === null) own.push(image)
  }
  const order = (image: Image): string => `${image.createdAt ?? ''} ${image.ref.id.padStart(20, '0')}`
  return E.right(own.toSorted((one, other) => (order(one) < order(other) ? -1 : 1)))
}

/** Waits until an image that another process creates is available. */
const waitUntilAvailable = (
  context: RunContext,
  source: ImageSource,
  image: Image,
): Promise<E.Either<ImageError, Image>> =>
  retrying(context, 'upload', async () => {
    const found = await source.get(image.ref.id, { signal: context.signal })()
    if (E.isLeft(found)) return found
    if (found.right.status === 'pending')
      return E.left(
        unavailable(createErrorSite(source.cloud, 'upload'), {
          what: `image ${image.ref.id} is still being created`,
          hint: 'Resume later',
        }),
      )
    return adoptImage(context.run, source, found.right, createErrorSite(source.cloud, 'upload'), {
      signal: context.signal,
    })
  })

/**
 * Creates an image from the disk. The provider accepts no ID, so existing images of this run are found by their run tag. If two processes created one
 * each, the first is kept.
 */
export const createFromDisk = async (
  context: RunContext,
  source: ImageSource,
  staged: StagedImage,
): Promise<E.Either<ImageError, UploadedImage>> => {
  const { plan, run, journal, signal, emit } = context
  if (plan.request === null) throw new TypeError('bug in imago: a plan for a cloud has no request')
  const { sent } = journal.state()
  const before = await listOwnImages(context, source)
  if (E.isLeft(before)) return before
  // Even if the image is complete: the process may have ended before it deleted its temporary server.
  if (journal.state().sending) await deleteOrphans(context, source)
  const [first] = before.right
  if (first !== undefined) {
    const image = await waitUntilAvailable(context, source, first)
    if (E.isLeft(image)) return image
    const known = sent?.id === first.ref.id ? sent : null
    const adopted = known?.adopted ?? !journal.state().sending
    if (known === null) await journal.note({ entry: 'sent', id: first.ref.id, verified: null, adopted })
    return E.right({ image: image.right, verified: known?.verified ?? null, adopted })
  }
  await beginStep(context, 'upload', 0, staged.ready.size)
  await journal.note({ entry: 'sending', id: null })
  const virtualSize = staged.ready.virtualSize ?? undefined
  const onProgress = createProgress(context, 'upload', staged.ready.size)
  const onStep = (what: string): void => emit({ event: 'note', what })
  // No retry here: the adapter retries its requests, and each attempt may cost money. A resume starts again.
  const made = await perform(
    source,
    'createFromBytes',
    addRunTag(plan.request, context, source.capabilities),
    createOutgoingBytes(staged, source.capabilities),
    { run, epoch: journal.epoch, virtualSize, onStep, onProgress, signal },
  )()
  if (E.isLeft(made)) return made
  const { image, verified } = made.right
  await journal.note({ entry: 'sent', id: image.ref.id, verified, adopted: false })
  const after = await listOwnImages(context, source)
  const winner = E.isRight(after) ? after.right[0] : undefined
  if (winner === undefined || winner.ref.id === image.ref.id) return E.right({ image, verified, adopted: false })
  const removed = await deleteOwnImage(run, source, image.ref.id, { signal })
  if (E.isLeft(removed)) return removed
  const kept = await waitUntilAvailable(context, source, winner)
  if (E.isLeft(kept)) return kept
  await journal.note({ entry: 'sent', id: winner.ref.id, verified: null, adopted: true })
  return E.right({ image: kept.right, verified: null, adopted: true })
}
