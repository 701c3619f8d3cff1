import type { ImageError, ImageErrorTag, ErrorDetails } from '@imago/core'

const FINAL: ReadonlySet<ImageErrorTag> = new Set(['UnsafeImage', 'Unsupported', 'DecodeFailed'])

/** Whether a later resume can do better. What the bytes are, what a provider cannot do, and what a plan says stays as it is. */
export const isResumable = ({ _tag, remedy }: Pick<ImageError, '_tag' | 'remedy'>): boolean =>
  !FINAL.has(_tag) && remedy !== 'new-plan' && remedy !== 'new-source'

/** The advice where a plan and the world no longer go together: the same plan will not do. */
export const adviseNewPlan = (how = ''): Required<Pick<ErrorDetails, 'hint' | 'remedy'>> => ({
  hint: `Make a new plan${how === '' ? '' : ` ${how}`}`,
  remedy: 'new-plan',
})

/** A failure of integrity while the bytes were brought here: fetched again, they would be as wrong. */
export const markWrongSource = (error: ImageError): ImageError =>
  error._tag === 'IntegrityFailed' && error.remedy === undefined ? { ...error, remedy: 'new-source' } : error
