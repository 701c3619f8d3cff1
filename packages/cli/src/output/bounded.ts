/** The most of a value that a terminal is given: the length of a hostile one has no bound. */
const MOST_SHOWN = 4096

/** A value for a terminal, which shows all of it but for absurd lengths. */
export const bounded = (value: string): string => (value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value)
