import type { Visibility } from '@imago/core'

/** What the user wants of the record of the new image. What is absent is carried from the source, where it can be. */
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
  /** Besides those that are carried. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly tags?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, string>> | undefined
}
