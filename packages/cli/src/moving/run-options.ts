import type { VerificationLevel } from '@imago/core'
import type { AllowableCheck } from '@imago/transfer'
import type { LiveOptions } from '../live.ts'
import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { bytesOption } from '../writing/arguments.ts'
import type { ProgressKind } from './progress.ts'

/** The options of every command that moves. */
export interface MovingOptions extends LiveOptions {
  /** Do not ask before money is spent. */
  readonly yes?: boolean
  /** Show what would be done, and do nothing. */
  readonly dryRun?: boolean
  readonly output: 'table' | 'json'
  readonly spool?: string
  readonly spoolLimit?: string
  readonly accept?: VerificationLevel
  readonly allow?: readonly AllowableCheck[]
  readonly keepFailed?: boolean
  readonly jobs?: string
  readonly progress: ProgressKind
}

export const jobsOf = ({ jobs = '1' }: MovingOptions): number => {
  if (/^[1-9]\d?$/.test(jobs)) return Number(jobs)
  throw new Problem(`--jobs ${jobs}: write a number from 1 to 99`, EXIT.usage)
}

export const spoolLimitOf = ({ spoolLimit }: MovingOptions): number | null => (spoolLimit === undefined ? null : bytesOption('--spool-limit', spoolLimit))
