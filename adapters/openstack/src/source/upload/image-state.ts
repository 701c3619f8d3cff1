import type { UploadFailure } from '@imago/core/provider'

/**
 * Image states during an upload, by Glance's status. A failed upload ends as `queued`, or as `killed` in API v1.
 * glance: glance/domain/__init__.py, Image.valid_state_targets; glance/api/v2/image_data.py, _restore.
 */
const STATES: ReadonlyMap<string, UploadFailure['image']> = new Map([
  ['queued', 'empty'],
  ['saving', 'receiving'],
  ['uploading', 'receiving'],
  ['importing', 'receiving'],
  ['active', 'whole'],
  ['deactivated', 'withheld'],
  ['killed', 'failed'],
  ['pending_delete', 'gone'],
  ['deleted', 'gone'],
])

/** `status`: Glance's. */
export const toUploadState = (status: string | null): UploadFailure['image'] => STATES.get(status ?? '') ?? 'unknown'
