/** One value, or a list of alternatives. An empty list matches nothing. */
export type AnyOf<T> = T | readonly T[]

/** The values as a list. */
export const toValueList = <T extends string | object>(wanted: AnyOf<T>): readonly T[] =>
  Array.isArray(wanted) ? (wanted as readonly T[]) : [wanted as T]
