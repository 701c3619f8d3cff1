import { toValueList, type EntryCondition, type Query } from '@imago/core/provider'
import { isLabelKey, isLabelValue } from './labels.ts'

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** Keys that a selector is known to accept. The API documents no others, and may treat its own differently. */
const isSelectable = (key: string): boolean => {
  if (!isLabelKey(key)) return false
  const slash = key.indexOf('/')
  const prefix = key.slice(0, Math.max(0, slash))
  return slash === -1 || (SUBDOMAIN.test(prefix) && prefix !== 'hetzner.cloud')
}

/** The terms that all images of the condition match; `null`: no image can match. */
const toTerms = (key: string, condition: EntryCondition): readonly string[] | null => {
  if (typeof condition === 'boolean') return [condition ? key : `!${key}`]
  if (typeof condition === 'string')
    return [condition === '' || !isLabelValue(condition) ? key : `${key}==${condition}`]
  if ('not' in condition) {
    const values = condition.not.filter((value) => value !== '' && isLabelValue(value))
    // Images without the key match, too. Spec: Label Selector, "don't have a `type=database` label".
    return [
      ...(condition.present === true ? [key] : []),
      ...(values.length > 0 ? [`${key} notin (${values.join(',')})`] : []),
    ]
  }
  if (condition.length === 0) return null
  return [condition.every((value) => value !== '' && isLabelValue(value)) ? `${key} in (${condition.join(',')})` : key]
}

/**
 * A selector that all images with these labels match: `a==b,c`. `undefined`: none can be written; `null`: no image can match.
 * Conditions that a selector cannot express are left to `matches`: an empty value is selected by its key, and invalid keys and values are left out,
 * because they could change the meaning of others. A selector has no "or", so that several sets of conditions have none.
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
