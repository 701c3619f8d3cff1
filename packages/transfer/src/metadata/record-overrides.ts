import type { Visibility } from '@imago/core'

/** Metadata of the new image that replaces or extends that of the source. */
export interface RecordOverrides {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly architecture?: string | undefined
  readonly visibility?: Exclude<Visibility, 'unknown'> | undefined
  readonly protect?: boolean | undefined
  /** Bytes. */
  readonly minDisk?: number | undefined
  /** Bytes. */
  readonly minRam?: number | undefined
  /** Added to those of the source. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly tags?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, string>> | undefined
}
