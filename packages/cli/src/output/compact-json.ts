// A string that does not end is matched too: else each of its quotes would be tried as the beginning of one.
const STRING_OR_SPACE = /"[^"\\]*(?:\\[^][^"\\]*)*"?|[\t\n\r ]+/g

/** JSON text without the white space between its parts. Everything else stays as it is spelled. */
export const compactJson = (text: string): string =>
  text.replace(STRING_OR_SPACE, (part) => (part.startsWith('"') ? part : ''))
