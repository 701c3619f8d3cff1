import type { ImageResult } from '@imago/core/provider'
import { importRequest, type ImportMethod, type ImportTarget } from '../requests/import.ts'
import type { Caller, CallOptions } from './call.ts'

/** `/v2/images/{id}/import`. */
export interface ImportsApi {
  /** Starts an import; `tasks.ofImage` shows its progress. An image in the wrong state is `Conflict`. */
  readonly start: (
    imageId: string,
    method: ImportMethod,
    target?: ImportTarget,
    options?: CallOptions,
  ) => ImageResult<void>
}

export const importsApi = (caller: Caller): ImportsApi => ({
  start: (imageId, method, target, options) => caller.done(importRequest(imageId, method, target), options),
})
