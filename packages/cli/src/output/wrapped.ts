import { textWidth } from './text-width.ts'

const INDENT = '  '

/** Wraps `text` at `width` columns, between words only: longer words, as IDs and paths, stay whole. Lines after the first are indented. */
export const wrapped = (text: string, width: number): string => {
  const lines: string[] = []
  let line: string | null = null
  let used = 0
  for (const word of text.split(' ')) {
    const columns = textWidth(word)
    if (line === null) {
      line = word
      used = columns
    } else if (used + 1 + columns <= width) {
      line += ` ${word}`
      used += 1 + columns
    } else {
      lines.push(line)
      line = `${INDENT}${word}`
      used = INDENT.length + columns
    }
  }
  return [...lines, line ?? ''].join('\n')
}
