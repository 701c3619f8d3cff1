const quoted = (text: string): string =>
  text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`).replaceAll('\n', String.raw`\n`)}'`

const entriesOf = (value: object): readonly (readonly [string, unknown])[] => Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))

/** A JSON value as Python's `repr` writes it, which is how Glance's messages show it. */
export const pythonRepr = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (typeof value === 'object') return `{${entriesOf(value).map(([key, each]) => `${quoted(key)}: ${pythonRepr(each)}`).join(', ')}}`
  return JSON.stringify(value)
}

const WIDTH = 72

/** As `pprint` lays it out: on one line if it fits, else one entry a line. */
export const pythonPrint = (value: unknown, indent = 0): string => {
  const line = pythonRepr(value)
  if (line.length + indent <= WIDTH || typeof value !== 'object' || value === null) return line
  const pad = `,\n${' '.repeat(indent + 1)}`
  if (Array.isArray(value)) return `[${value.map((each) => pythonPrint(each, indent + 1)).join(pad)}]`
  return `{${entriesOf(value)
    .map(([key, each]) => `${quoted(key)}: ${pythonPrint(each, indent + quoted(key).length + 3)}`)
    .join(pad)}}`
}
