/** Store ids: comma-separated, or a list as one of tempest's samples has them. */
export const toStores = (stores: string | readonly string[] | null | undefined): readonly string[] | null | undefined => {
  if (stores === null || stores === undefined) return stores
  if (typeof stores === 'string' && stores !== '' && !/[,\s]/.test(stores)) return [stores]
  const ids = typeof stores === 'string' ? stores.split(',') : stores
  return ids.map((id) => id.trim()).filter((id) => id !== '')
}

/** Tags sorted by code unit: Glance keeps a set, and its order changes from answer to answer. */
export const toTags = (tags: readonly string[] | null | undefined): readonly string[] | null | undefined => (tags === null || tags === undefined || tags.length < 2 ? tags : tags.toSorted())
