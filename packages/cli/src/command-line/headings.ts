/** The heading of the options that select images. */
export const SELECTION_HEADING = 'Selection (a repeated option matches any of its values):'

/** The heading of the options that print rows. */
export const OUTPUT_HEADING = 'Output options:'

/** The heading of the options that every command with a connection has. */
export const GLOBAL_HEADING = 'Connection options:'

/** The position of a heading in the help: a command's own options are first, the options of most commands last. */
export const rankHeading = (heading: string | null): number => {
  if (heading === null) return 0
  const rank = [SELECTION_HEADING, OUTPUT_HEADING, GLOBAL_HEADING].indexOf(heading)
  return rank === -1 ? 1 : 2 + rank
}
