/** What the bytes of an image can be. `gpt` is any partition table that a PC boots by, MBR too; `raw` is none of the others. */
export type InspectedFormat = 'raw' | 'qcow2' | 'qed' | 'vhd' | 'vhdx' | 'vmdk' | 'vdi' | 'iso' | 'gpt' | 'luks'

/** A check that an image did not pass. */
export interface CheckFailure {
  /** Its name, as `backing_file`. */
  readonly check: string
  /** What is wrong, without a final stop. */
  readonly what: string
}

/** What an inspector saw. */
export interface Inspection {
  readonly format: InspectedFormat
  /** All that the bytes can be read as; more than one is a polyglot. `['raw']` where they are nothing special. */
  readonly formats: readonly InspectedFormat[]
  /** The size of the disk inside, in bytes. `null`: not told. */
  readonly virtualSize: number | null
  readonly failures: readonly CheckFailure[]
}

/** Reads along with a stream. It changes nothing, and keeps at most 512 KiB of it. */
export interface Inspector {
  /** The next bytes, cut as they come. The chunk is not kept, and may be reused afterwards. */
  readonly write: (chunk: Uint8Array) => void
  /** After the last byte. */
  readonly end: () => Inspection
}
