import type { Query } from '@imago/core'
import { isLabelKey, isLabelValue } from './labels.ts'

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/

/** What surely stands in a selector as it is; of rarer keys the API's document does not say so, and of its own it might think otherwise. */
const isSelectable = (key: string): boolean => {
  if (!isLabelKey(key)) return false
  const slash = key.indexOf('/')
  const prefix = key.slice(0, Math.max(0, slash))
  return slash === -1 || (SUBDOMAIN.test(prefix) && prefix !== 'hetzner.cloud')
}

/**
 * A selector that every image with these labels fits: `a==b,c`. `undefined`: none can be written.
 * What a selector cannot hold is left out of it, and is left to `matches`: an empty value is asked for by its key,
 * and a key or value that no label can have not at all, for it could change the meaning of the others.
 */
export const labelSelectorOf = (labels: NonNullable<Query['labels']>): string | undefined => {
  const terms = Object.entries(labels)
    .filter(([key]) => isSelectable(key))
    .map(([key, value]) => (value === true || value === '' || !isLabelValue(value) ? key : `${key}==${value}`))
  return terms.length === 0 ? undefined : terms.join(',')
}
