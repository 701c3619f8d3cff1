import { toValueList, type EntryCondition, type Query } from '@imago/core/provider'
import { isLabelKey, isLabelValue } from './labels.ts'

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** What surely stands in a selector as it is; of rarer keys the API's document does not say so, and of its own it might think otherwise. */
const isSelectable = (key: string): boolean => {
  if (!isLabelKey(key)) return false
  const slash = key.indexOf('/')
  const prefix = key.slice(0, Math.max(0, slash))
  return slash === -1 || (SUBDOMAIN.test(prefix) && prefix !== 'hetzner.cloud')
}

/** The terms that every image which fits the condition fits too; `null`: no image fits. */
const toTerms = (key: string, condition: EntryCondition): readonly string[] | null => {
  if (typeof condition === 'boolean') return [condition ? key : `!${key}`]
  if (typeof condition === 'string')
    return [condition === '' || !isLabelValue(condition) ? key : `${key}==${condition}`]
  if ('not' in condition) {
    const values = condition.not.filter((value) => value !== '' && isLabelValue(value))
    // Also of images without the key. Spec: Label Selector, "don't have a `type=database` label".
    return [
      ...(condition.present === true ? [key] : []),
      ...(values.length > 0 ? [`${key} notin (${values.join(',')})`] : []),
    ]
  }
  if (condition.length === 0) return null
  return [condition.every((value) => value !== '' && isLabelValue(value)) ? `${key} in (${condition.join(',')})` : key]
}

/**
 * A selector that every image with these labels fits: `a==b,c`. `undefined`: none can be written; `null`: no image fits.
 * What a selector cannot hold is left out of it, and is left to `matches`: an empty value is asked for by its key,
 * and a key or value that no label can have not at all, for it could change the meaning of the others.
 * A selector has no "or": of several sets of conditions none is written.
 */
export const toLabelSelector = (labels: NonNullable<Query['labels']>): string | undefined | null => {
  const [conditions, ...others] = toValueList(labels)
  if (conditions === undefined) return null
  if (others.length > 0) return undefined
  const terms: string[] = []
  for (const [key, condition] of Object.entries(conditions)) {
    const some = isSelectable(key) ? toTerms(key, condition) : []
    if (some === null) return null
    terms.push(...some)
  }
  return terms.length === 0 ? undefined : terms.join(',')
}
