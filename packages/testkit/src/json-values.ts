import assert from 'node:assert/strict'
import { toPointerStep, type Pointer } from '@imago/codec'
import { isJsonObject, type JsonObject } from '@imago/core/provider'

const parseSteps = (pointer: Pointer): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** Looks up `pointer` in the own keys of `document`; `null` if it leads nowhere. */
export const lookUp = (document: unknown, pointer: Pointer): { readonly value: unknown } | null => {
  let value = document
  for (const step of parseSteps(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return null
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return { value }
}

/** Reduces `record` to the values at these pointers (of one or two steps). */
export const only = (record: JsonObject, pointers: readonly Pointer[]): JsonObject => {
  const paths = pointers.map(parseSteps)
  const kept = Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    const inner = paths.filter(([first]) => first === key).map((path) => path.slice(1))
    if (inner.length === 0) return []
    return [
      [
        key,
        inner.some((path) => path.length === 0) || !isJsonObject(value)
          ? value
          : only(
              value,
              inner.map((path) => `/${path.join('/')}`),
            ),
      ],
    ]
  })
  return Object.fromEntries(kept)
}

export const without = (record: JsonObject, isDropped: (key: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !isDropped(key)))

/**
 * Built from entries, so that `__proto__` stays an ordinary key. (Under jest, `structuredClone` returns objects of another realm, which are never
 * deeply equal.)
 */
export const cloneValue = (u: unknown): unknown => {
  if (Array.isArray(u)) return u.map(cloneValue)
  return isJsonObject(u) ? Object.fromEntries(Object.entries(u).map(([key, value]) => [key, cloneValue(value)])) : u
}

export const isPlainJson = (u: unknown): boolean => {
  if (typeof u === 'number') return Number.isFinite(u)
  if (typeof u !== 'object' || u === null) return u === null || typeof u === 'string' || typeof u === 'boolean'
  return Object.values(u).every(isPlainJson)
}

/** Formats a value for a failure message. `JSON.stringify` alone would print Infinity as null, and records in full. */
export const formatValue = (value: unknown): string => {
  const text = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Returns the pointer of the first difference between two values; `null`: they are equal. */
export const findDifference = (one: unknown, other: unknown, at: Pointer = ''): Pointer | null => {
  if (Object.is(one, other)) return null
  if (
    typeof one !== 'object' ||
    typeof other !== 'object' ||
    one === null ||
    other === null ||
    Array.isArray(one) !== Array.isArray(other)
  )
    return at
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const inner = `${at}${toPointerStep(key)}`
    if (!Object.hasOwn(one, key) || !Object.hasOwn(other, key)) return inner
    const found = findDifference((one as JsonObject)[key], (other as JsonObject)[key], inner)
    if (found !== null) return found
  }
  return null
}

/** Requires two values to be equal. On failure, prints only the first difference. */
export const mustEqual = (one: unknown, other: unknown, what: string): void => {
  const at = findDifference(one, other)
  if (at !== null)
    assert.fail(
      `${what} differs at ${at === '' ? 'its root' : at}: ${formatValue(lookUp(one, at)?.value)} is not ${formatValue(lookUp(other, at)?.value)}`,
    )
}
