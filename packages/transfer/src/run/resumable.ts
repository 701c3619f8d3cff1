import type { ImageError } from '@imago/core'

/** The advice where a plan and the world no longer go together: the same plan will not do. */
export const NEW_PLAN = 'Make a new plan'

const FINAL: ReadonlySet<string> = new Set(['UnsafeImage', 'Unsupported', 'DecodeFailed'])

/** Whether a later resume can do better. What the bytes are, what a provider cannot do, and what a plan says stays as it is. */
export const isResumable = ({ _tag, hint }: Pick<ImageError, '_tag' | 'hint'>): boolean => !FINAL.has(_tag) && !hint.startsWith(NEW_PLAN)
