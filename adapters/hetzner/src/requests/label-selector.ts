import type { Query } from '@imago/core'
import { isLabelKey, isLabelValue } from './labels.ts'

/**
 * A selector that every image with these labels fits: `a==b,c`. `undefined`: none can be written.
 * What a selector cannot hold is left out of it, and is left to `matches`: an empty value is asked for by its key,
 * and a key or value that no label can have not at all, for it could change the meaning of the others.
 */
export const labelSelectorOf = (labels: NonNullable<Query['labels']>): string | undefined => {
  const terms = Object.entries(labels)
    .filter(([key]) => isLabelKey(key))
    .map(([key, value]) => (value === true || value === '' || !isLabelValue(value) ? key : `${key}==${value}`))
  return terms.length === 0 ? undefined : terms.join(',')
}
