import { ARGUMENT_CHECKS } from './argument-check.ts'
import { BYTE_CHECKS } from './byte-check.ts'
import { CAPABILITY_CHECKS } from './capability-check.ts'
import type { Check } from './check.ts'
import { CREATE_CHECKS } from './create-check.ts'
import { FAULT_CHECKS } from './fault-check.ts'
import { FILTER_CHECKS } from './filter-check.ts'
import { LIMIT_CHECKS } from './limit-check.ts'
import { ODD_RECORD_CHECKS } from './odd-record-check.ts'
import { ORPHAN_CHECKS } from './orphan-check.ts'
import { READ_CHECKS } from './read-check.ts'
import { REFUSAL_CHECKS } from './refusal-check.ts'
import { SHARE_CHECKS } from './share-check.ts'
import { USAGE_CHECKS } from './usage-check.ts'
import { WORK_CHECKS } from './work-check.ts'
import { WRITE_CHECKS } from './write-check.ts'

/** All checks, in the order in which they run. */
export const SOURCE_CHECKS: readonly Check[] = [
  ...CAPABILITY_CHECKS,
  ...READ_CHECKS,
  ...ARGUMENT_CHECKS,
  ...FILTER_CHECKS,
  ...FAULT_CHECKS,
  ...ODD_RECORD_CHECKS,
  ...WRITE_CHECKS,
  ...SHARE_CHECKS,
  ...CREATE_CHECKS,
  ...BYTE_CHECKS,
  ...LIMIT_CHECKS,
  ...ORPHAN_CHECKS,
  ...WORK_CHECKS,
  ...USAGE_CHECKS,
  ...REFUSAL_CHECKS,
]
