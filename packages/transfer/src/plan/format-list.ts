export const MAX_WORDS = 12

const MAX_WORD_CHARACTERS = 40

export const truncateWord = (word: string): string => {
  const letters = Array.from(word.slice(0, 2 * MAX_WORD_CHARACTERS + 1))
  return letters.length > MAX_WORD_CHARACTERS ? `${letters.slice(0, MAX_WORD_CHARACTERS).join('')}…` : word
}

/** A list of words from a cloud, of bounded length. */
export const formatList = (words: readonly string[]): string =>
  `${words.slice(0, MAX_WORDS).map(truncateWord).join(', ')}${words.length > MAX_WORDS ? ` and ${words.length - MAX_WORDS} more` : ''}`
