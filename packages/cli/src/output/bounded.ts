/** The maximum length of a value on a terminal, because hostile values may have any length. */
const MAX_SHOWN_LENGTH = 4096

/** A value for a terminal, cut only beyond the maximum length. */
export const bounded = (value: string): string =>
  value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value
