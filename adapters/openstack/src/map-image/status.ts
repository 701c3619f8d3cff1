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

/** Maps Glance's status. A failed import returns to `queued`: Glance has no failed status, except `killed` in v1. */
export const toStatus = (status: string | null | undefined): ImageStatus | null | undefined =>
  status === null || status === undefined ? status : (STATUS.get(status) ?? 'unknown')
