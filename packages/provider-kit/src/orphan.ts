import { toInstant } from '@imago/codec'
import type { OrphanedResource } from '@imago/core/provider'

/** A resource that a run created for itself, as the provider lists it. */
export interface TaggedResource {
  readonly kind: OrphanedResource['kind']
  readonly id: string | number
  readonly name?: string | null | undefined
  /** The time of creation, in the provider's format. */
  readonly created?: string | null | undefined
  /** The value of the tag that identifies the run. */
  readonly run?: string | null | undefined
  /** The value of the tag with the epoch of the run. */
  readonly epoch?: string | null | undefined
}

const EPOCH = /^\d{1,10}$/

/** Users can change tags: other values than whole numbers become `null`. */
const parseEpoch = (text: string | null | undefined): number | null =>
  text !== null && text !== undefined && EPOCH.test(text) ? Number(text) : null

/** Converts a provider's record. A time that cannot be parsed becomes `null`. */
export const toOrphan = ({ kind, id, name, created, run, epoch }: TaggedResource): OrphanedResource => ({
  kind,
  id: String(id),
  name: name ?? null,
  run: run ?? '',
  epoch: parseEpoch(epoch),
  createdAt: toInstant(created ?? '') ?? null,
})
