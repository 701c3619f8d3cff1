import type { VerificationLevel } from '@imago/core'
import { returnsRawDisks, isPacked, selectUploadMethod } from './format.ts'
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
  const isDeclared =
    !format.convert &&
    !isPacked(format) &&
    source.kind === 'image' &&
    !returnsRawDisks(source) &&
    source.image.digests.some(({ of }) => of === 'stored')
  if (target.kind === 'file') return isDeclared ? 'digest-declared' : 'digest-match'
  return isDeclared ? 'digest-declared' : 'size-match'
}
