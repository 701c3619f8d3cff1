/**
 * What the bytes of an image can be. `gpt` is a disk with any partition table that a PC boots from, MBR included;
 * `iso` is ISO 9660 or UDF; `raw` is none of the others.
 */
export type InspectedFormat = 'raw' | 'qcow2' | 'qed' | 'vhd' | 'vhdx' | 'vmdk' | 'vdi' | 'iso' | 'gpt' | 'luks'

/** A check that an image fails. */
export interface Finding {
  /** The name of the check, such as `backing_file`. */
  readonly check: string
  /** What is wrong, as a clause about the image without a full stop: `it has a backing file, …`. It may quote the image: escape control characters before printing it. */
  readonly what: string
  /** Who says so: the format's specification, or the program that reads the bytes that way. */
  readonly source: string
  /** What to do about it: imperative, without a full stop. Absent: do not open the image. */
  readonly advice?: string | undefined
}

/** Kinds of bytes that are not a disk. */
export type ContentKind = 'empty' | 'text' | 'archive' | 'compressed' | 'document' | 'executable' | 'media' | 'data'

/** What bytes are that are not a disk. */
export interface Content {
  readonly kind: ContentKind
  /** A word for programs: `tar`, `ova`, `html` … */
  readonly id: string
  /** With its article: `a tar archive`. */
  readonly title: string
  /** What to do about it: imperative, without a full stop. */
  readonly advice: string
}

/** The result of an inspection. */
export interface Inspection {
  /** The format, the first of `formats`. */
  readonly format: InspectedFormat
  /** Every format the bytes can be read as. Several, unless one is usual inside the other, fail the check `polyglot`. */
  readonly formats: readonly InspectedFormat[]
  /** Size of the disk inside, in bytes. `null`: unknown. */
  readonly virtualSize: number | null
  /** What makes the image unsafe to open. Empty: nothing was found. */
  readonly failures: readonly Finding[]
  /** Signs that the bytes are not a disk (`not-a-disk`) or not a whole one (`truncated`), which do not make them unsafe. Absent: none. */
  readonly doubts?: readonly Finding[] | undefined
  /** The data is encrypted and the key is elsewhere. Absent: no sign of it. */
  readonly isEncrypted?: true | undefined
  /** What the bytes are if they are not a disk. Absent: they may be one. */
  readonly content?: Content | undefined
}

/** Inspects a stream of bytes. It keeps at most 512 KiB of them, and its result does not depend on how the stream is cut into chunks. */
export interface Inspector {
  /** Takes the next bytes. The chunk is not kept and may be reused. */
  readonly write: (chunk: Uint8Array) => void
  /** Returns the result. Call it after the last byte. */
  readonly end: () => Inspection
}
