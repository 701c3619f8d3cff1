/** Removes the `Z` of an instant in canonical form, so that a fraction of a second sorts after its whole second. */
export const toSortable = (instant: string): string => (instant.endsWith('Z') ? instant.slice(0, -1) : instant)

/** Whether instant `a` is earlier than `b`. Both must be in canonical form. */
export const isBefore = (a: string, b: string): boolean => toSortable(a) < toSortable(b)
