/**
 * Removes the characters in `some` from the end of `text`. Not a pattern: `/x+$/` takes quadratic time for a long run of `x` that is not at the end.
 */
export const trimTrailing = (text: string, some: string): string => {
  let end = text.length
  while (end > 0 && some.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
