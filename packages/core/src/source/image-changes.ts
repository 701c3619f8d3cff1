/** Entries to set; `null` removes the key. Keys that are not named keep their values. */
export type EntryChanges = Readonly<Record<string, string | null>>

/** Tags to add and to remove; a tag that is in both is removed. All other tags are kept, including those that others add at the same time. */
export interface TagChanges {
  readonly add?: readonly string[] | undefined
  readonly remove?: readonly string[] | undefined
}

const isList = (tags: readonly string[] | TagChanges): tags is readonly string[] => Array.isArray(tags)

/** `tags` after the changes, without duplicates. */
export const applyTagChanges = (
  tags: readonly string[],
  changes: readonly string[] | TagChanges,
): readonly string[] => {
  if (isList(changes)) return [...new Set(changes)]
  const { add = [], remove = [] } = changes
  const removed = new Set(remove)
  return [...new Set([...tags, ...add])].filter((tag) => !removed.has(tag))
}

/** Changes to an image. Fields that are absent or `undefined` keep their values. */
export interface ImageChanges {
  /** Turns a backup into a snapshot, irreversibly. */
  readonly kind?: 'snapshot' | undefined
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly labels?: EntryChanges | undefined
  /** A list replaces all tags. */
  readonly tags?: readonly string[] | TagChanges | undefined
  readonly properties?: EntryChanges | undefined
  /** Bytes; rounded up to the provider's unit. */
  readonly minDisk?: number | undefined
  /** Bytes; rounded up to the provider's unit. */
  readonly minRam?: number | undefined
}
