/** The value of a plain scalar. A value that JSON cannot represent exactly (a date, an infinity, an integer beyond 2^53) remains text. */
export type ScalarValue = string | number | boolean | null

/** The YAML version of a document. `1.1`, as PyYAML reads and writes it, is the default; `1.2` requires the directive `%YAML 1.2`. */
export type YamlVersion = '1.1' | '1.2'

const NULL = /^(?:~|null|Null|NULL|)$/
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/
const BINARY = /^[-+]?0b[01_]+$/
const OCTAL = /^[-+]?0[0-7_]+$/
const HEXADECIMAL = /^[-+]?0x[\da-fA-F_]+$/
const DECIMAL = /^[-+]?(?:0|[1-9][\d_]*)$/
const SEXAGESIMAL = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/
/** An exponent requires a sign, and a number with an exponent requires a point: `1e3` and `1.0e3` are text. */
const FLOAT = /^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/
const SEXAGESIMAL_FLOAT = /^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/

/** In characters. Longer numbers are text. */
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

/** Integers beyond 2^53 would be rounded, so they remain text. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

/** The implicit resolvers of YAML 1.1, as in PyYAML's resolver.py, which its safe loader and its dumper use. */
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
