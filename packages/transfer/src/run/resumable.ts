const FINAL: ReadonlySet<string> = new Set(['UnsafeImage', 'Unsupported', 'DecodeFailed'])

/** Whether a later resume can do better, after an error of this tag. What the bytes are, and what a provider cannot do, stays as it is. */
export const isResumable = (tag: string): boolean => !FINAL.has(tag)
