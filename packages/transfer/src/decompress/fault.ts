/** What is wrong with compressed bytes. */
export type FaultKind =
  /** They end before the end of what they hold. */
  | 'truncated'
  /** They are not what they should be, or their check sum says so. */
  | 'damaged'
  /** After their end there is something else. */
  | 'trailing'
  /** They want more memory than they are given. */
  | 'memory'
  /** They are right, and cannot be read here. */
  | 'unsupported'

/** Thrown by decoders. */
export class DecoderFault extends Error {
  readonly kind: FaultKind
  readonly what: string
  constructor(kind: FaultKind, what: string) {
    super(what)
    this.name = 'DecoderFault'
    this.kind = kind
    this.what = what
  }
}

/** Makes of compressed bytes what they hold, to the end of the last of their parts. Holds a fixed amount of it in memory at most. */
export type Decoder = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
