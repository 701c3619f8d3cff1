import type { VerificationLevel } from '@imago/core'

/** The surest first. */
export const LEVELS: readonly VerificationLevel[] = ['digest-match', 'digest-declared', 'size-match', 'unverified']

/** Whether `level` is as sure as `asked`, or surer. */
export const satisfies = (level: VerificationLevel, asked: VerificationLevel): boolean =>
  LEVELS.indexOf(level) <= LEVELS.indexOf(asked)

export const strongest = (one: VerificationLevel, other: VerificationLevel): VerificationLevel =>
  satisfies(one, other) ? one : other
