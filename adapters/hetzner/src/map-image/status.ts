import type { ImageStatus } from '@imago/core/provider'

const STATUS: ReadonlyMap<string, ImageStatus> = new Map([
  ['creating', 'pending'],
  ['available', 'available'],
  ['unavailable', 'unavailable'],
])

/** Maps the status. A `deleted` date takes precedence, because the word does not change. */
export const toStatus = (
  status: string | null | undefined,
  deleted: string | null | undefined,
): ImageStatus | undefined => {
  if (deleted !== null && deleted !== undefined) return 'deleted'
  return status === null || status === undefined ? undefined : (STATUS.get(status) ?? 'unknown')
}
