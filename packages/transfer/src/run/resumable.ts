import type { ErrorDetails, ImageError, ImageErrorTag, ParameterChange } from '@imago/core'

const FINAL: ReadonlySet<ImageErrorTag> = new Set(['UnsafeImage', 'Unsupported', 'DecodeFailed'])

/** Whether resuming the run can help. It cannot change the bytes, what a provider supports, or the plan. */
export const isResumable = ({ _tag, remedy }: Pick<ImageError, '_tag' | 'remedy'>): boolean =>
  !FINAL.has(_tag) && remedy !== 'new-plan' && remedy !== 'new-source'

/** The advice if a plan no longer fits its source or target. */
export const adviseNewPlan = (
  how = '',
  ...changes: readonly ParameterChange[]
): Pick<ErrorDetails, 'hint' | 'remedy' | 'changes'> => ({
  hint: `Create a new plan${how === '' ? '' : ` ${how}`}`,
  remedy: 'new-plan',
  changes,
})

/** An integrity error while fetching: the same source would fail again. */
export const markWrongSource = (error: ImageError): ImageError =>
  error._tag === 'IntegrityFailed' && error.remedy === undefined ? { ...error, remedy: 'new-source' } : error
