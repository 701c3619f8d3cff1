export const MOST_WORDS = 12

const MOST_LETTERS = 40

export const truncateWord = (word: string): string => {
  const letters = Array.from(word.slice(0, 2 * MOST_LETTERS + 1))
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join('')}…` : word
}

/** A list of words from a cloud, of bounded length. */
export const formatList = (words: readonly string[]): string =>
  `${words.slice(0, MOST_WORDS).map(truncateWord).join(', ')}${words.length > MOST_WORDS ? ` and ${words.length - MOST_WORDS} more` : ''}`
