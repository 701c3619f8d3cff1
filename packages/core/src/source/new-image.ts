import type { Visibility } from '../image/values.ts'

/** The record of a new image, without data. */
export interface NewImage {
  /**
   * The ID of the new image, at providers that let the client choose it (elsewhere `Rejected`). A second image with the same ID gives `Conflict`, which makes
   * creation safe to repeat.
   */
  readonly id?: string | undefined
  readonly name: string
  /** `qcow2`, `raw` … */
  readonly diskFormat: string
  /** Default: `bare`. */
  readonly containerFormat?: string | undefined
  readonly architecture?: string | undefined
  readonly visibility?: Exclude<Visibility, 'unknown'> | undefined
  readonly description?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly tags?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Bytes. */
  readonly minDisk?: number | undefined
  /** Bytes. */
  readonly minRam?: number | undefined
}
