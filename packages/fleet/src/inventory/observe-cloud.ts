import { randomUUID } from 'node:crypto'
import {
  aborted,
  createErrorSite,
  formatError,
  pages,
  READ,
  toReadState,
  type AbortSignalLike,
  type CloudIdentity,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import { openStoreWriter, type Mask, type StoreBatch, type StoreError, type StoreTarget } from '@imago/store'
import * as E from 'fp-ts/lib/Either.js'
import type { InventoryOutcome } from '../queue/queue.ts'

/** A cloud whose images are stored, and its source or why it could not be opened. */
export interface ObservableCloud {
  readonly cloud: CloudIdentity
  readonly source: E.Either<ImageError, ImageSource>
}

export interface ObserveOptions {
  readonly store: StoreTarget
  /** Masks secrets in each text before it is stored. */
  readonly mask: Mask
  readonly version: string
  /** The current time in milliseconds. */
  readonly clock: () => number
  readonly signal: AbortSignalLike
}

/** A store is locked while a batch is open. Images are read first, up to this number, so that a slow cloud does not block others. */
const MAX_HELD_IMAGES = 10_000

/** A failure of the store ends the job, which the queue delivers again. */
const orThrow = <A>(result: E.Either<StoreError, A>): A => {
  if (E.isLeft(result)) throw new Error(`${result.left.target}: ${result.left.what}`)
  return result.right
}

/**
 * Reads the images of a cloud, and stores them in one transaction. A cloud that fails is stored as incomplete, which marks no image as missing. Throws if
 * it is aborted or the store fails; then nothing is stored.
 */
export const observeCloud = async (
  { cloud, source }: ObservableCloud,
  { store, mask, version, clock, signal }: ObserveOptions,
): Promise<InventoryOutcome> => {
  const at = new Date(clock()).toISOString()
  let error: ImageError | null = E.isLeft(source) ? source.left : null
  let held: Image[] = []
  let images = 0
  let rejected = 0
  const run = { id: randomUUID(), at, origin: 'live', selection: null, version } as const
  const writer = orThrow(await openStoreWriter(store, { run, mask }))
  try {
    let batch: StoreBatch | null = null
    const storeHeld = async (): Promise<StoreBatch> => {
      batch ??= orThrow(await writer.begin())
      for (const image of held) batch.add(image, { raw: null, evidence: null })
      held = []
      orThrow(await batch.flush())
      return batch
    }
    if (E.isRight(source))
      for await (const page of pages(source.right, { hidden: 'include' }, { signal })) {
        if (E.isLeft(page)) {
          error = page.left
          continue
        }
        images += page.right.items.length
        rejected += page.right.rejected.length
        held.push(...page.right.items)
        if (held.length > MAX_HELD_IMAGES) await storeHeld()
      }
    if (signal.aborted) throw new Error(aborted(createErrorSite(cloud, 'list')).what)
    const state = error === null ? READ : toReadState(error)
    orThrow(await (await storeHeld()).commit([{ cloud, images: state, rejected, usage: null, prices: null }]))
    orThrow(await writer.close())
  } catch (thrown) {
    await writer.discard()
    throw thrown
  }
  return { images, reason: error === null ? null : formatError(error) }
}
