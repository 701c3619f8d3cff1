import { isLabelKey, isLabelValue, type Labels } from './labels.ts'

type Fits = (labels: Labels) => boolean

const readValue = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined

/** Splits at commas outside brackets: those not followed by a `)` before the next `(`. */
const splitTerms = (selector: string): readonly string[] => {
  const found: string[] = []
  let [end, isInside] = [selector.length, false]
  for (let at = selector.length - 1; at >= 0; at--) {
    const character = selector[at]
    if (character === '(' || character === ')') isInside = character === ')'
    if (character !== ',' || isInside) continue
    found.push(selector.slice(at + 1, end))
    end = at
  }
  return [...found, selector.slice(0, end)].map((term) => term.trim()).toReversed()
}

const toSet = (text: string): ReadonlySet<string> | null => {
  const values = text.split(',').map((value) => value.trim())
  return values.every(isLabelValue) ? new Set(values) : null
}

const toTerm = (term: string): Fits | null => {
  const inSet = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term)
  if (inSet !== null) {
    const [, key = '', word, list = ''] = inSet
    const values = toSet(list)
    if (!isLabelKey(key) || values === null) return null
    // As in Kubernetes, which defines this syntax: `notin` and `!=` match if the key is missing.
    return (labels) => values.has(readValue(labels, key) ?? '\0') === (word === 'in')
  }
  const equation = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(term)
  if (equation !== null) {
    const [, key = '', sign, value = ''] = equation
    if (!isLabelKey(key) || !isLabelValue(value)) return null
    return (labels) => (readValue(labels, key) === value) === (sign !== '!=')
  }
  const isAbsent = term.startsWith('!')
  const key = isAbsent ? term.slice(1).trim() : term
  return isLabelKey(key) ? (labels) => (readValue(labels, key) === undefined) === isAbsent : null
}

/** https://docs.hetzner.cloud/reference/cloud#description/label-selector. null: invalid. */
export const parseLabelSelector = (selector: string): Fits | null => {
  if (selector.trim() === '') return () => true
  const fits = splitTerms(selector).map(toTerm)
  return fits.every((one) => one !== null) ? (labels) => fits.every((one) => one(labels)) : null
}
