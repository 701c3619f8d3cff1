import { visibleJson } from './visible.ts'

/** Text without a character that has a meaning in YAML. It begins with a letter or a slash, so it is no number and no date. */
const PLAIN = /^[A-Za-z/][\w/.+@()-]*(?: [\w(][\w/.+@()-]*)*$/
/** Identifiers and digests. */
const HEXADECIMAL = /^[\da-f][\da-f-]*$/
/** Digits that occur in no decimal number. `0b1` and `0x1` are numbers. */
const NO_DECIMAL = /^(?!0[bx]).*[abcdf]/
/** Words that YAML 1.1 or 1.2 reads as booleans or null; some readers of 1.1 also read `e5` as a number. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i
/** YAML reads a longer key only with a question mark before it. */
const LONGEST_KEY = 1000
/** A longer text is quoted. */
const LONGEST_PLAIN = 1000

/** Each level is indented by two blanks more, so the text of deeper values would grow with the square of their depth. */
const MAX_INDENT = 1000

const isPlain = (text: string): boolean =>
  text.length <= LONGEST_PLAIN &&
  (PLAIN.test(text) ? !WORD.test(text) : HEXADECIMAL.test(text) && NO_DECIMAL.test(text))

/** Double-quoted YAML has the escapes of JSON. Control characters are escaped. */
const toScalar = (value: unknown): string => {
  if (typeof value === 'string') return isPlain(value) ? value : visibleJson(JSON.stringify(value))
  return Object.is(value, -0) ? '-0' : String(value)
}

const isEmpty = (value: object): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.values(value).every((member) => member === undefined)

/** `before`: what precedes the value on its line. `indent`: of the lines of the value. */
const write = (value: unknown, before: string, indent: string): string => {
  if (typeof value !== 'object' || value === null) return `${before} ${toScalar(value)}\n`
  if (isEmpty(value)) return `${before} ${Array.isArray(value) ? '[]' : '{}'}\n`
  return `${before}\n${writeBlock(value, indent)}`
}

const writeMap = (value: object, indent: string): string => {
  let text = ''
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const key = toScalar(name)
    text += write(
      member,
      key.length > LONGEST_KEY ? `${indent}? ${key}\n${indent}:` : `${indent}${key}:`,
      `${indent}  `,
    )
  }
  return text
}

const writeList = (values: readonly unknown[], indent: string): string => {
  const inner = `${indent}  `
  let text = ''
  for (const value of values) {
    const isBlock = typeof value === 'object' && value !== null && !isEmpty(value)
    // The first line of a list or map follows the dash, in place of its indentation.
    text += isBlock ? `${indent}- ${writeBlock(value, inner).slice(inner.length)}` : write(value, `${indent}-`, inner)
  }
  return text
}

const writeBlock = (value: object, indent: string): string => {
  if (indent.length > MAX_INDENT) throw new RangeError('nested too deeply for YAML')
  return Array.isArray(value) ? writeList(value, indent) : writeMap(value, indent)
}

/**
 * Writes a list of JSON values as YAML that readers of 1.1 and 1.2 understand. The library `yaml` takes many times as long, because it builds a node for each
 * value and tests each text against all types.
 * Throws `RangeError` for values nested deeper than 500 levels.
 */
export const writeYamlList = (values: readonly unknown[]): string => writeList(values, '')
