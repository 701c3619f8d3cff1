import type { VerificationLevel } from '@imago/core'

/** From strongest to weakest. */
export const LEVELS: readonly VerificationLevel[] = ['digest-match', 'digest-declared', 'size-match', 'unverified']

/** Whether `level` is at least as strong as `required`. */
export const satisfies = (level: VerificationLevel, required: VerificationLevel): boolean =>
  LEVELS.indexOf(level) <= LEVELS.indexOf(required)

export const strongest = (one: VerificationLevel, other: VerificationLevel): VerificationLevel =>
  satisfies(one, other) ? one : other
