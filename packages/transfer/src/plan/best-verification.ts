import type { VerificationLevel } from '@imago/core'
import { hasComparableDigest, isPacked, selectUploadMethod } from './format.ts'
import type { PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget } from './transfer-input.ts'

/** The best verification level possible. The digests of the source apply only to bytes that are sent unchanged. */
export const bestVerification = (
  source: TransferSource,
  target: TransferTarget,
  format: PlanFormat,
): VerificationLevel => {
  if (
    target.kind === 'cloud' &&
    (selectUploadMethod(target) === 'createFromBytes' || target.capabilities.digests.length > 0)
  )
    return 'digest-match'
  const isDeclared = !format.convert && !isPacked(format) && hasComparableDigest(source)
  if (target.kind === 'file') return isDeclared ? 'digest-declared' : 'digest-match'
  return isDeclared ? 'digest-declared' : 'size-match'
}
