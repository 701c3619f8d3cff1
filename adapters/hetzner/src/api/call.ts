import type { Abortable } from '@imago/core/provider'

/** For every call of the API. */
export interface CallOptions extends Abortable {
  /** What errors call it; the call's own name unless said. */
  readonly operation?: string
}
