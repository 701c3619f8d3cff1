import * as E from 'fp-ts/lib/Either.js'
import type { EntryCondition, EntryConditions } from './entry-conditions.ts'

/** Valid labels at Hetzner and in Kubernetes, from which the selector language comes. https://docs.hetzner.cloud/reference/cloud#description/labels */
const NAME = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const PREFIX = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?$/

const isKey = (text: string): boolean => {
  const slash = text.indexOf('/')
  return slash === -1 ? NAME.test(text) : PREFIX.test(text.slice(0, slash)) && NAME.test(text.slice(slash + 1))
}

const isValue = (text: string): boolean => text === '' || NAME.test(text)

const SPECIAL = new Set([',', '=', '!', '(', ')'])

/** Splits a selector into `(`, `)`, `,`, `!`, `=`, `==`, `!=`, and the words between them. */
const tokenize = (text: string): readonly string[] => {
  const tokens: string[] = []
  let word = ''
  const endWord = (): void => {
    if (word !== '') tokens.push(word)
    word = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === ' ' || character === '\t') endWord()
    else if (!SPECIAL.has(character)) word += character
    else {
      endWord()
      const isTwo = (character === '=' || character === '!') && text.charAt(at + 1) === '='
      tokens.push(isTwo ? `${character}=` : character)
      if (isTwo) at++
    }
  }
  endWord()
  return tokens
}

/** The combined requirements of several terms for one key. */
interface Demands {
  readonly isPresent: boolean
  readonly isAbsent: boolean
  /** `null`: any value. */
  readonly among: readonly string[] | null
  readonly not: readonly string[]
}

const NOTHING: Demands = { isPresent: false, isAbsent: false, among: null, not: [] }

const both = (a: Demands, b: Demands): Demands => ({
  isPresent: a.isPresent || b.isPresent,
  isAbsent: a.isAbsent || b.isAbsent,
  among: a.among === null ? b.among : b.among === null ? a.among : a.among.filter((value) => b.among?.includes(value)),
  not: [...a.not, ...b.not],
})

const toCondition = ({ isPresent, isAbsent, among, not }: Demands): EntryCondition => {
  if (isAbsent) return isPresent || among !== null ? [] : false
  if (among !== null) {
    const [only, ...others] = among.filter((value) => !not.includes(value))
    return only === undefined ? [] : others.length === 0 ? only : [only, ...others]
  }
  if (not.length > 0) return isPresent ? { not, present: true } : { not }
  return true
}

interface Term {
  readonly key: string
  readonly demands: Demands
}

/** Creates a recursive-descent parser for the tokens of a selector. Errors are strings. */
const createParser = (tokens: readonly string[]) => {
  let at = 0
  const peek = (): string | undefined => tokens[at]
  const isWord = (token: string | undefined): token is string => token !== undefined && !SPECIAL.has(token.charAt(0))
  const found = (): string => (at < tokens.length ? JSON.stringify(tokens[at]) : 'nothing')

  const key = (): E.Either<string, string> => {
    const token = peek()
    if (!isWord(token)) return E.left(`expected a key, found ${found()}`)
    if (!isKey(token)) return E.left(`${JSON.stringify(token)} is not a valid label key`)
    at++
    return E.right(token)
  }

  const value = (): E.Either<string, string> => {
    const token = peek()
    if (!isWord(token)) return E.right('')
    if (!isValue(token)) return E.left(`${JSON.stringify(token)} is not a valid label value`)
    at++
    return E.right(token)
  }

  const list = (): E.Either<string, readonly string[]> => {
    if (peek() !== '(') return E.left(`expected "(", found ${found()}`)
    at++
    if (peek() === ')') return E.left('expected a value, found ")"')
    const values: string[] = []
    for (;;) {
      const one = value()
      if (E.isLeft(one)) return one
      values.push(one.right)
      const next = peek()
      if (next !== ',' && next !== ')') return E.left(`expected "," or ")", found ${found()}`)
      at++
      if (next === ')') return E.right(values)
    }
  }

  const demandsAfterKey = (): E.Either<string, Demands> => {
    const sign = peek()
    if (sign === '=' || sign === '==' || sign === '!=') {
      at++
      return E.map((one: string): Demands =>
        sign === '!=' ? { ...NOTHING, not: [one] } : { ...NOTHING, among: [one] },
      )(value())
    }
    if (sign === 'in' || sign === 'notin') {
      at++
      return E.map((values: readonly string[]): Demands =>
        sign === 'in' ? { ...NOTHING, among: [...new Set(values)] } : { ...NOTHING, not: values },
      )(list())
    }
    return E.right({ ...NOTHING, isPresent: true })
  }

  const term = (): E.Either<string, Term> => {
    const isNegated = peek() === '!'
    if (isNegated) at++
    const name = key()
    if (E.isLeft(name)) return name
    if (isNegated) return E.right({ key: name.right, demands: { ...NOTHING, isAbsent: true } })
    return E.map((demands: Demands): Term => ({ key: name.right, demands }))(demandsAfterKey())
  }

  return (): E.Either<string, readonly Term[]> => {
    const terms: Term[] = []
    for (;;) {
      const one = term()
      if (E.isLeft(one)) return one
      terms.push(one.right)
      if (at === tokens.length) return E.right(terms)
      if (peek() !== ',') return E.left(`expected ",", found ${found()}`)
      at++
    }
  }
}

/**
 * Parses Hetzner's label selectors: `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`; a comma means "and".
 * As documented there, `k!=v` and `k notin (…)` also match if `k` is missing. The error is a message for people.
 * https://docs.hetzner.cloud/reference/cloud#description/label-selector
 *
 * @example parseLabelSelector('env in (prod,test), !old') // right({ env: ['prod', 'test'], old: false })
 */
export const parseLabelSelector = (text: string): E.Either<string, EntryConditions> => {
  const terms = createParser(tokenize(text))()
  if (E.isLeft(terms)) return terms
  const byKey = new Map<string, Demands>()
  for (const { key, demands } of terms.right) byKey.set(key, both(byKey.get(key) ?? NOTHING, demands))
  return E.right(Object.fromEntries([...byKey].map(([key, demands]) => [key, toCondition(demands)])))
}
