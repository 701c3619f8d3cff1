import { isTooDeep, type ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { LineCounter, parseDocument, YAMLError, type ScalarTag } from 'yaml'
import { toValue, type Value } from './value.ts'

// Resolves plain scalars as PyYAML's SafeLoader does (`yaml/resolver.py`, `yaml/constructor.py`), which matches neither YAML 1.1 nor 1.2: a password `0123` is read as 83.
// Timestamps stay text, because no setting uses them.
const NULL = /^(?:~|null|Null|NULL|)$/
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const TRUE = /^(?:yes|true|on)$/i
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/

const unsigned = (text: string): { readonly sign: 1 | -1; readonly digits: string } => {
  const plain = text.replaceAll('_', '')
  return { sign: plain.startsWith('-') ? -1 : 1, digits: plain.replace(/^[-+]/, '') }
}

/** Base 60: `1:30` is 90. */
const sexagesimal = (digits: string): number => digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

const integer = (text: string): bigint => {
  const { sign, digits } = unsigned(text)
  const magnitude = (): bigint => {
    if (digits.includes(':')) return BigInt(sexagesimal(digits))
    if (/^0[bx]/.test(digits)) return BigInt(digits)
    return digits.startsWith('0') && digits !== '0' ? BigInt(`0o${digits}`) : BigInt(digits)
  }
  return BigInt(sign) * magnitude()
}

const float = (text: string): number => {
  const { sign, digits } = unsigned(text.toLowerCase())
  if (digits === '.inf') return sign * Infinity
  if (digits === '.nan') return NaN
  return sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits))
}

const scalar = (name: string, test: RegExp, resolve: (text: string) => unknown): ScalarTag => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test,
  resolve,
})

const TAGS = [
  scalar('null', NULL, () => null),
  scalar('bool', BOOLEAN, (text) => TRUE.test(text)),
  scalar('int', INTEGER, integer),
  scalar('float', FLOAT, float),
  'merge',
] as const

/** Limits alias expansion ("billion laughs"). */
const MAX_ALIASES = 100

/** Reports the position, never the content, which may be a secret. */
const describeSyntaxError = (error: unknown, lines: LineCounter): ErrorDetails => {
  const place = error instanceof YAMLError ? lines.linePos(error.pos[0]) : undefined
  return {
    what: `invalid YAML${place === undefined ? '' : `: line ${place.line}, column ${place.col}`}`,
    hint: 'Correct the file',
  }
}

/** Parses a document as Python's `yaml.safe_load` does. The last of several equal keys takes precedence. */
export const readYaml = (text: string): E.Either<ErrorDetails, Value> => {
  const lines = new LineCounter()
  try {
    // `prettyErrors` copies the line for each error, which is quadratic for a long line with many errors.
    const document = parseDocument(text, {
      schema: 'failsafe',
      customTags: [...TAGS],
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
      logLevel: 'error',
    })
    const [error] = document.errors
    return error === undefined
      ? E.right(toValue(document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES })))
      : E.left(describeSyntaxError(error, lines))
  } catch (error) {
    // Thrown for too many aliases, or for nesting that overflows the stack.
    return E.left(describeSyntaxError(error, lines))
  }
}

const integerToBigInt = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value

/** Like `readYaml`, for JSON files. */
export const readJson = (text: string): E.Either<ErrorDetails, Value> => {
  if (isTooDeep(text)) return E.left({ what: 'nested too deeply', hint: 'Correct the file' })
  try {
    return E.right(toValue(JSON.parse(text, integerToBigInt)))
  } catch {
    return E.left({ what: 'invalid JSON', hint: 'Correct the file' })
  }
}
