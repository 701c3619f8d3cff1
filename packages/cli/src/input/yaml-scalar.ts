/** What a plain scalar stands for. What JSON cannot hold without a loss (a date, an infinity, an integer beyond 2^53) stays the text that it is. */
export type ScalarValue = string | number | boolean | null

/** Which version's rules a document follows. `1.1` is what PyYAML reads and writes; `1.2` counts only where a document says `%YAML 1.2`. */
export type YamlVersion = '1.1' | '1.2'

const NULL = /^(?:~|null|Null|NULL|)$/
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const BINARY = /^[-+]?0b[01_]+$/
const OCTAL = /^[-+]?0[0-7_]+$/
const HEXADECIMAL = /^[-+]?0x[\da-fA-F_]+$/
const DECIMAL = /^[-+]?(?:0|[1-9][\d_]*)$/
const SEXAGESIMAL = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/
/** An exponent needs its sign, and a number with one its point: `1e3` and `1.0e3` are text. */
const FLOAT = /^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/
const SEXAGESIMAL_FLOAT = /^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/

/** The longest number that anybody writes; what is longer is text. */
const LONGEST_NUMBER = 400

const sexagesimal = (digits: string): number => {
  let value = 0
  for (const part of digits.split(':')) value = value * 60 + Number(part)
  return value
}

const parseMagnitude = (text: string): number | null => {
  const digits = (/^[-+]/.test(text) ? text.slice(1) : text).replaceAll('_', '')
  if (DECIMAL.test(text)) return Number(digits)
  if (BINARY.test(text)) return digits.length > 2 ? Number(digits) : null
  if (HEXADECIMAL.test(text)) return digits.length > 2 ? Number(digits) : null
  if (OCTAL.test(text)) return Number.parseInt(digits, 8)
  if (FLOAT.test(text)) return Number(digits)
  if (SEXAGESIMAL.test(text) || SEXAGESIMAL_FLOAT.test(text)) return sexagesimal(digits)
  return null
}

const signed = (text: string, magnitude: number): number => (text.startsWith('-') ? -magnitude : magnitude)

/** Whole numbers beyond 2^53 would be rounded: their text says more. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

/** PyYAML’s resolver.py: the implicit resolvers of YAML 1.1, as its safe loader and its dumper apply them. */
const resolve11 = (text: string): ScalarValue => {
  if (NULL.test(text)) return null
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  if (text.length > LONGEST_NUMBER || !/^[-+.\d]/.test(text)) return text
  const magnitude = parseMagnitude(text)
  if (magnitude === null) return text
  const value = signed(text, magnitude)
  return isExact(value) ? value : text
}

const NUMBER_12 = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/

/** The core schema of YAML 1.2.2, section 10.3.2. */
const resolve12 = (text: string): ScalarValue => {
  if (NULL.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (text.length > LONGEST_NUMBER) return text
  const value = /^0(?:o[0-7]+|x[\da-fA-F]+)$/.test(text) || NUMBER_12.test(text) ? Number(text) : null
  return value !== null && isExact(value) ? value : text
}

/** The value of a plain scalar without a tag. */
export const resolvePlain = (text: string, version: YamlVersion): ScalarValue =>
  version === '1.1' ? resolve11(text) : resolve12(text)
