/**
 * Whether `text` fits `glob`, in which `*` is any text and `?` any one character (a UTF-16 code unit). Takes at most the product of both lengths.
 */
export const fitsGlob = (glob: string, text: string): boolean => {
  let [at, inGlob] = [0, 0]
  /** Where the last `*` stands, and where the text that it takes ends so far. */
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
