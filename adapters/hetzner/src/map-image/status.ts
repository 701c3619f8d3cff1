import type { ImageStatus } from '@imago/core/provider'

const STATUS: ReadonlyMap<string, ImageStatus> = new Map([
  ['creating', 'pending'],
  ['available', 'available'],
  ['unavailable', 'unavailable'],
])

/** Hetzner's status in ours. A `deleted` date outranks the word, which stays what it was. */
export const toStatus = (
  status: string | null | undefined,
  deleted: string | null | undefined,
): ImageStatus | undefined => {
  if (deleted !== null && deleted !== undefined) return 'deleted'
  return status === null || status === undefined ? undefined : (STATUS.get(status) ?? 'unknown')
}
