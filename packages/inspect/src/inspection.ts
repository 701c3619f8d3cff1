/** What the bytes of an image can be. `gpt` is any partition table that a PC boots by, MBR too; `raw` is none of the others. */
export type InspectedFormat = 'raw' | 'qcow2' | 'qed' | 'vhd' | 'vhdx' | 'vmdk' | 'vdi' | 'iso' | 'gpt' | 'luks'

/** A check that an image did not pass. */
export interface CheckFailure {
  /** Its name, as `backing_file`. */
  readonly check: string
  /** What is wrong, without a final stop. */
  readonly what: string
  /** What to do about it, in the imperative, without a final stop. Absent: nothing but not to open it. */
  readonly advice?: string | undefined
}

/** What bytes that are no disk can be. */
export type ContentKind = 'empty' | 'text' | 'archive' | 'compressed' | 'document' | 'executable' | 'media' | 'data'

/** What bytes are that are no disk. */
export interface Content {
  readonly kind: ContentKind
  /** A word for programs: `tar`, `ova`, `html` … */
  readonly id: string
  /** With its article: `a tar archive`. */
  readonly title: string
  /** What to do about it, in the imperative; no final stop. */
  readonly advice: string
}

/** What an inspector saw. */
export interface Inspection {
  readonly format: InspectedFormat
  /** All that the bytes can be read as; more than one is a polyglot. `['raw']` where they are nothing special. */
  readonly formats: readonly InspectedFormat[]
  /** The size of the disk inside, in bytes. `null`: not told. */
  readonly virtualSize: number | null
  /** What makes it unsafe to open. Of these, only `mbr` can be allowed. */
  readonly failures: readonly CheckFailure[]
  /** What speaks against its being a whole disk (`truncated`, `not-a-disk`): each can be allowed. Absent: nothing does. */
  readonly doubts?: readonly CheckFailure[] | undefined
  /** Its data is ciphertext, and its key elsewhere. Absent: not as far as is seen. */
  readonly isEncrypted?: true | undefined
  /** What the bytes are, where they are no disk; absent: they may be one. */
  readonly content?: Content | undefined
}

/** Reads along with a stream. It changes nothing, and keeps at most 512 KiB of it. */
export interface Inspector {
  /** The next bytes, cut as they come. The chunk is not kept, and may be reused afterwards. */
  readonly write: (chunk: Uint8Array) => void
  /** After the last byte. */
  readonly end: () => Inspection
}
