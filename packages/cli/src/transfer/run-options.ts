import { EXIT } from '../exit-code.ts'
import type { RunOptions } from '../options/transfer.ts'
import { Problem } from '../problem.ts'
import { parseSize } from '../writing/option-values.ts'

export const parseJobs = ({ jobs = '1' }: Pick<RunOptions, 'jobs'>): number => {
  if (/^[1-9]\d?$/.test(jobs)) return Number(jobs)
  throw new Problem(`--jobs: invalid value ${JSON.stringify(jobs)}. Use a whole number from 1 to 99`, EXIT.usage)
}

/** Refuses invalid values before clouds and files are read. */
export const checkRunOptions = (options: RunOptions): void => {
  parseJobs(options)
  parseSpoolLimit(options)
}

export const parseSpoolLimit = ({ spoolLimit }: Pick<RunOptions, 'spoolLimit'>): number | null =>
  spoolLimit === undefined ? null : parseSize('--spool-limit', spoolLimit)
