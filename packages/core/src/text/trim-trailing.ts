/**
 * `text` without the characters of `some` at its end.
 * The pattern for it, `/x+$/`, starts anew at each `x` of a long run that is not at the end, which takes quadratic time.
 */
export const trimTrailing = (text: string, some: string): string => {
  let end = text.length
  while (end > 0 && some.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
