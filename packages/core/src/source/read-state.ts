import type { ImageError } from '../error/image-error.ts'
import { formatReason } from '../error/format-error.ts'

/** Whether one part of a cloud was read. Only `read` proves that a missing item does not exist. */
export type Completeness =
  /** All of it was read. */
  | 'read'
  /** The credentials may not read it. */
  | 'forbidden'
  /** The cloud or the adapter does not have it. */
  | 'unsupported'
  /** It was not read, or not all of it. */
  | 'failed'

/** How a part of a cloud was read. */
export interface ReadState {
  readonly completeness: Completeness
  /** Why it was not read, in one line for people, without the cloud; `null` if it was. */
  readonly reason: string | null
}

/** The state of a part that was read to its end. */
export const READ: ReadState = { completeness: 'read', reason: null }

const completenessAfter = ({ _tag }: ImageError): Completeness => {
  if (_tag === 'Forbidden') return 'forbidden'
  return _tag === 'Unsupported' ? 'unsupported' : 'failed'
}

/** The state of a part whose reading ended with `error`. */
export const toReadState = (error: ImageError): ReadState => ({
  completeness: completenessAfter(error),
  reason: formatReason(error),
})
