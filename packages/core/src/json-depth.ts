/**
 * The most levels of lists and objects in foreign JSON. Real answers have under ten; what walks a record may use the stack, which ends at about twice as many
 * (`JSON.stringify`), and each level costs memory. A page of 1,000 images with their tags has no more brackets than this, and so needs no look at its depth.
 */
export const MOST_JSON_DEPTH = 2048

const QUOTE = 0x22
const BACKSLASH = 0x5c

const hasMoreThan = (text: string, most: number, characters: readonly string[]): boolean => {
  let count = 0
  for (const character of characters) {
    for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) if (++count > most) return true
  }
  return false
}

/** Whether the character at `index` stands behind an odd number of backslashes. */
const isEscaped = (text: string, index: number): boolean => {
  let first = index
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (index - first) % 2 === 1
}

/** Where the string ends that begins at `start`; -1: nowhere. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** Whether the lists and objects of JSON are nested deeper than `most` levels. The answer means nothing for text that is not JSON. */
export const isTooDeep = (text: string, most = MOST_JSON_DEPTH): boolean => {
  // As many levels need as many brackets, which are searched for far faster than text is walked.
  if (!hasMoreThan(text, most, ['{', '['])) return false
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index)
        if (index === -1) return false
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > most) return true
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return false
}
