import type { Abortable } from '@imago/core/provider'

/** For every call of the API. */
export interface CallOptions extends Abortable {
  /** The operation in errors. Default: the name of the call. */
  readonly operation?: string
}
