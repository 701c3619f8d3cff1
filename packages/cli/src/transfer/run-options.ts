import { EXIT } from '../exit-code.ts'
import type { RunOptions } from '../options/transfer.ts'
import { Problem } from '../problem.ts'
import { parseSize } from '../writing/option-values.ts'

export const parseJobs = ({ jobs = '1' }: RunOptions): number => {
  if (/^[1-9]\d?$/.test(jobs)) return Number(jobs)
  throw new Problem(`--jobs: invalid value ${JSON.stringify(jobs)} (a number from 1 to 99)`, EXIT.usage)
}

export const parseSpoolLimit = ({ spoolLimit }: Pick<RunOptions, 'spoolLimit'>): number | null =>
  spoolLimit === undefined ? null : parseSize('--spool-limit', spoolLimit)
