import type { Image } from '../image/image.ts'
import type { ImageKind } from '../image/values.ts'
import type { Operation } from './operation.ts'

/** A request for an image of a server's disk. */
export interface ServerImageRequest {
  readonly serverId: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** Default: `snapshot`. */
  readonly kind?: Extract<ImageKind, 'snapshot' | 'backup'> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** A server that an image can be created from. */
export interface ServerSummary {
  readonly id: string
  readonly name: string | null
  /** The provider's own word. */
  readonly status: string | null
  /** Key-value labels; of OpenStack its metadata. */
  readonly labels: Readonly<Record<string, string>>
}

/** An image that is being created from a server, and the operation that creates it. */
export interface ServerImage {
  readonly image: Image
  readonly operation: Operation
}
