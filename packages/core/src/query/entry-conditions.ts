/**
 * The condition for the entry of a key.
 * - a string: has this value; several: has any of them
 * - `true`: exists; `false`: does not exist
 * - `not`: has none of these values. An image without the key matches too, unless `present` is set.
 */
export type EntryCondition =
  | string
  | readonly string[]
  | boolean
  | { readonly not: readonly string[]; readonly present?: boolean }

/** Conditions for the labels or properties of an image, by key. All must be met. */
export type EntryConditions = Readonly<Record<string, EntryCondition>>

const fits = (condition: EntryCondition, value: string | null | undefined): boolean => {
  if (typeof condition === 'boolean') return (value !== undefined) === condition
  if (typeof condition === 'string') return value === condition
  if ('not' in condition)
    return value === undefined ? condition.present !== true : value === null || !condition.not.includes(value)
  return typeof value === 'string' && condition.includes(value)
}

/** Whether labels or properties meet all conditions. Pure. */
export const matchesConditions = (
  conditions: EntryConditions,
  entries: Readonly<Record<string, string | null>>,
): boolean =>
  Object.entries(conditions).every(([key, condition]) =>
    fits(condition, Object.hasOwn(entries, key) ? entries[key] : undefined),
  )
