const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"')
    ? `"${text}"`
    : `'${text
        .replaceAll('\\', '\\\\')
        .replaceAll("'", String.raw`\'`)
        .replaceAll('\n', String.raw`\n`)}'`

const toEntries = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))

/** Formats a JSON value like Python's `repr`, which Glance's messages contain. */
export const pythonRepr = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object')
    return `{${toEntries(value)
      .map(([key, each]) => `${quoted(key)}: ${pythonRepr(each)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}

const WIDTH = 72

/** Splits a long string into pieces that end after a word: `pprint._pprint_str`. */
const brokenText = (text: string, indent: number, allowance: number): string => {
  const words = text.match(/\S*\s*/g)?.filter((word) => word !== '') ?? []
  const lines: string[] = []
  let current = ''
  for (const [index, word] of words.entries()) {
    const width = WIDTH - indent - (index === words.length - 1 ? allowance : 0)
    const longer = current + word
    if (quoted(longer).length <= width) current = longer
    else {
      if (current !== '') lines.push(quoted(current))
      current = word
    }
  }
  return [...lines, quoted(current)].join(`\n${' '.repeat(indent)}`)
}

/** Formats like `pprint`: on one line if it fits, otherwise one entry per line. `allowance`: characters that must fit after it. */
export const pythonPrint = (value: unknown, indent = 0, allowance = 0): string => {
  const line = pythonRepr(value)
  if (line.length <= WIDTH - indent - allowance) return line
  if (typeof value === 'string')
    return indent === 0
      ? `(${brokenText(value, 1, allowance + 1)})`.replace(/^\(('[^\n]*')\)$/, '$1')
      : brokenText(value, indent, allowance)
  if (typeof value !== 'object' || value === null) return line
  const pad = `,\n${' '.repeat(indent + 1)}`
  const behind = (index: number, count: number): number => (index === count - 1 ? allowance + 1 : 1)
  if (Array.isArray(value))
    return `[${value.map((each, index) => pythonPrint(each, indent + 1, behind(index, value.length))).join(pad)}]`
  const entries = toEntries(value)
  return `{${entries.map(([key, each], index) => `${quoted(key)}: ${pythonPrint(each, indent + quoted(key).length + 3, behind(index, entries.length))}`).join(pad)}}`
}
