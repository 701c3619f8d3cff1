/**
 * Whether `text` matches `glob`: `*` matches any text, `?` any one UTF-16 code unit. The time is bounded by the product of both lengths.
 */
export const fitsGlob = (glob: string, text: string): boolean => {
  let [at, inGlob] = [0, 0]
  /** The position of the last `*`, and the end of the text that it matches so far. */
  let [star, taken] = [-1, 0]
  while (at < text.length) {
    const sign = glob.charAt(inGlob)
    if (sign === '*') [star, taken, inGlob] = [inGlob, at, inGlob + 1]
    else if (inGlob < glob.length && (sign === '?' || sign === text.charAt(at))) [at, inGlob] = [at + 1, inGlob + 1]
    else if (star !== -1) [taken, at, inGlob] = [taken + 1, taken + 1, star + 1]
    else return false
  }
  while (glob.charAt(inGlob) === '*') inGlob++
  return inGlob === glob.length
}
