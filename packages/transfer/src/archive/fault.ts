/** What is wrong with an archive. */
export type ArchiveFaultKind =
  /** It is none. */
  | 'foreign'
  /** It ends before the end of what it holds. */
  | 'truncated'
  /** A header or map in it cannot be right. */
  | 'damaged'
  /** It is right, and cannot be read here. */
  | 'unsupported'
  /** It holds no disk, or not the one that was asked for. */
  | 'absent'
  /** It holds several that may be meant. */
  | 'choice'

/** Thrown by what reads archives. Names out of an archive are foreign text: see `quoteName`. */
export class ArchiveFault extends Error {
  readonly kind: ArchiveFaultKind
  /** What to do about it, in the imperative, without a final stop, where that is not to name another member; `null`: it is. */
  readonly advice: string | null
  constructor(kind: ArchiveFaultKind, message: string, advice: string | null = null) {
    super(message)
    this.name = 'ArchiveFault'
    this.kind = kind
    this.advice = advice
  }
}

const MOST_SHOWN = 120

/** A name out of an archive, as far as an error repeats it. Whoever prints it makes control characters visible. */
export const quoteName = (name: string): string => (name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN - 1)}…` : name)
