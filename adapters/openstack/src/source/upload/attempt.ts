import type { ImageError, UploadFailure, UploadResponse } from '@imago/core/provider'
import type { SentBytes } from './sent-bytes.ts'

export const UPLOAD = 'upload'

/** The progress of an upload. */
export interface Attempt {
  /** `null`: nothing was sent yet, or the response was a success. */
  readonly error: ImageError | null
  readonly response: UploadResponse
  readonly sent: UploadFailure['sent']
  readonly bytes: number
  /** The data that the image must contain; `null`: unknown. */
  readonly expected: SentBytes | null
  readonly size: number | null
}

/** Whether Glance rejected the upload because of the image's state, without accepting data. glance: glance/domain/__init__.py, Image.status. */
export const isOccupied = ({ _tag }: ImageError): boolean => _tag === 'Conflict'

const ORDER = ['nothing', 'part', 'all'] as const

/** The larger of two amounts. */
export const maxSent = (one: UploadFailure['sent'], other: UploadFailure['sent']): UploadFailure['sent'] =>
  ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other
