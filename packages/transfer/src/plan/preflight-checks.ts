import { checkFormat } from './format-checks.ts'
import { checkLimits } from './limit-checks.ts'
import type { PreflightCheck } from './plan.ts'
import type { PreflightInput } from './preflight-input.ts'
import { checkContentType, checkEncryption, checkSourceStatus } from './source-checks.ts'
import { checkSourceDigests } from './source-digest-checks.ts'
import { checkSize, checkMetadata, checkVerification } from './target-checks.ts'

/** All preflight checks that block or warn, in this order. */
export const runPreflightChecks = (input: PreflightInput): readonly PreflightCheck[] => [
  ...checkSourceStatus(input),
  ...checkContentType(input),
  ...checkSourceDigests(input),
  ...checkEncryption(input),
  ...checkFormat(input),
  ...checkMetadata(input),
  ...checkSize(input),
  ...checkLimits(input),
  ...checkVerification(input),
]
