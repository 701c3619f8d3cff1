/** Which run made it. Stays on a snapshot. */
export const RUN = 'imago-run'
/** On a snapshot: how many bytes of its disk are the image. A server's disk is larger than the image that is written on it. */
export const BYTES = 'imago-bytes'
/** On a snapshot: the name that it was given, for snapshots have none. */
export const NAME = 'imago-name'
/** On everything that imago makes for itself, and on a snapshot until it is whole. */
export const TEMPORARY = { key: 'imago', value: 'temporary' } as const

/** The labels that imago writes itself: nobody may ask for them. */
export const OWN_LABELS: readonly string[] = [TEMPORARY.key, RUN, BYTES, NAME]
