/** Kinds of faults of compressed bytes. */
export type FaultKind =
  /** They end too early. */
  | 'truncated'
  /** They are invalid, or a checksum differs. */
  | 'damaged'
  /** Other data follows their end. */
  | 'trailing'
  /** They need more memory than allowed. */
  | 'memory'
  /** They are valid, but not supported. */
  | 'unsupported'

/** The error that decoders throw. `what` is a clause without a full stop. */
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

/** Decompresses a stream, to the end of its last member, stream or frame, in bounded memory. Throws `DecoderFault`. */
export type Decoder = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
