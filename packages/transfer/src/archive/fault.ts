/** Kinds of faults of archives. */
export type ArchiveFaultKind =
  /** It is not a tar archive. */
  | 'foreign'
  /** It ends too early. */
  | 'truncated'
  /** A header or sparse map in it is invalid. */
  | 'damaged'
  /** It is valid, but not supported. */
  | 'unsupported'
  /** It has no disk, or not the requested one. */
  | 'absent'
  /** It has several disks, or an OVF that cannot be read. */
  | 'choice'
  /** Its disk is not the one of the plan. */
  | 'other-disk'

/** The error that archive readers throw. Its message is a clause without a full stop. Names from an archive are untrusted text: see `quoteName`. */
export class ArchiveFault extends Error {
  readonly kind: ArchiveFaultKind
  /** What to do about it: imperative, without a full stop. `null`: name another member. */
  readonly advice: string | null
  constructor(kind: ArchiveFaultKind, message: string, advice: string | null = null) {
    super(message)
    this.name = 'ArchiveFault'
    this.kind = kind
    this.advice = advice
  }
}

const MAX_NAME_LENGTH = 120

/** A name from an archive, shortened for messages. Control characters must be escaped before printing it. */
export const quoteName = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name
