import type { Abortable } from '@imago/core/provider'

/** Options of every call of the typed client. */
export interface CallOptions extends Abortable {
  /** The operation in errors. Default: the name of the call. */
  readonly operation?: string | undefined
}

/** Adds the caller's options to a call. The call's own operation stays the default. */
export const toCall = <C extends { readonly operation: string }>(
  call: C,
  options: CallOptions | undefined,
): C & CallOptions & { readonly operation: string } => ({
  ...call,
  ...options,
  operation: options?.operation ?? call.operation,
})
