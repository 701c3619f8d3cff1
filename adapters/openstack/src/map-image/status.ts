import type { ImageStatus } from '@imago/core/provider'

const STATUS: ReadonlyMap<string, ImageStatus> = new Map([
  ['queued', 'pending'],
  ['saving', 'pending'],
  ['uploading', 'pending'],
  ['importing', 'pending'],
  ['active', 'available'],
  ['deactivated', 'unavailable'],
  ['killed', 'failed'],
  ['pending_delete', 'deleting'],
  ['deleted', 'deleted'],
])

/** Glance's status in ours. An import that failed shows as `queued` again: Glance has no word for failure but v1's `killed`. */
export const toStatus = (status: string | null | undefined): ImageStatus | null | undefined =>
  status === null || status === undefined ? status : (STATUS.get(status) ?? 'unknown')
