/** The maximum length of a value on a terminal, because hostile values may have any length. */
const MOST_SHOWN = 4096

/** A value for a terminal, cut only beyond the maximum length. */
export const bounded = (value: string): string => (value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value)
