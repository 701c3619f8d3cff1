/** Store IDs: comma-separated, or a list as in one of tempest's samples. */
export const toStores = (
  stores: string | readonly string[] | null | undefined,
): readonly string[] | null | undefined => {
  if (stores === null || stores === undefined) return stores
  if (typeof stores === 'string' && !stores.includes(',')) {
    const id = stores.trim()
    return id === '' ? [] : [id]
  }
  const ids = typeof stores === 'string' ? stores.split(',') : stores
  return ids.map((id) => id.trim()).filter((id) => id !== '')
}

/** Sorts tags by code unit: Glance stores a set and returns it in varying order. Insertion sort, because an image has few tags. */
export const toTags = (tags: readonly string[] | null | undefined): readonly string[] | null | undefined => {
  if (tags === null || tags === undefined || tags.length < 2) return tags
  if (tags.length > 32) return tags.toSorted()
  const sorted = tags.slice()
  for (let index = 1; index < sorted.length; index++) {
    const tag = sorted[index] as string
    let place = index
    for (; place > 0 && (sorted[place - 1] as string) > tag; place--) sorted[place] = sorted[place - 1] as string
    sorted[place] = tag
  }
  return sorted
}
