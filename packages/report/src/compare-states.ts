import type { CloudIdentity, CloudObservation, Image, Observation } from '@imago/core'
import { diffImages, type DiffEntry, type DiffSide } from '@imago/lifecycle'
import { isListed } from './read-state.ts'
import type { EarlierState } from './report-input.ts'

type ChangeState = Exclude<DiffEntry['state'], 'same'>

/** What changed since an earlier state. */
export interface StateChanges {
  /** When the earlier state was read, RFC 3339; `null`: unknown. */
  readonly at: string | null
  /** Unchanged images are omitted. */
  readonly entries: readonly DiffEntry[]
  readonly counts: Readonly<Record<ChangeState, number>>
  /** Number of clouds with an earlier state. */
  readonly compared: number
  /** Clouds without an earlier state. Their images do not count as new. */
  readonly notCompared: readonly CloudIdentity[]
  /** Number of earlier images of clouds that were not observed now. They do not count as removed. */
  readonly unobserved: number
}

const toKey = ({ provider, cloud, region }: CloudIdentity): string => JSON.stringify([provider, cloud, region])

const toRefKey = ({ ref: { provider, cloud, region } }: Image): string => toKey({ provider, cloud, region })

const groupByCloud = (images: readonly Image[]): ReadonlyMap<string, readonly Image[]> => {
  const groups = new Map<string, Image[]>()
  for (const image of images) {
    const group = groups.get(toRefKey(image))
    if (group === undefined) groups.set(toRefKey(image), [image])
    else group.push(image)
  }
  return groups
}

/** A file of saved records does not contain the names of clouds. */
const isNamed = (clouds: readonly Pick<CloudIdentity, 'cloud'>[]): boolean =>
  clouds.every(({ cloud }) => cloud !== null)

const compareClouds = (
  clouds: readonly CloudObservation[],
  earlier: DiffSide,
  unselected: readonly Image[],
): readonly DiffEntry[] =>
  diffImages(
    earlier,
    { images: clouds.flatMap((cloud) => cloud.images.items), isComplete: clouds.every(isListed), unselected },
    'ref',
  ).entries

const count = (entries: readonly DiffEntry[]): StateChanges['counts'] => {
  const counts = { added: 0, removed: 0, changed: 0, unknown: 0 }
  for (const { state } of entries) if (state !== 'same') counts[state]++
  return counts
}

/** Compares each cloud with its earlier state, so that an incomplete cloud leaves only its own changes unknown. `unselected`: images now, see `DiffSide`. */
export const compareStates = (
  { clouds }: Observation,
  earlier: EarlierState,
  unselected: readonly Image[] = [],
): StateChanges => {
  const create = (all: readonly DiffEntry[], rest: Pick<StateChanges, 'compared' | 'notCompared' | 'unobserved'>) => {
    const entries = all.filter(({ state }) => state !== 'same')
    return { at: earlier.at, entries, counts: count(entries), ...rest }
  }
  const earlierClouds = earlier.clouds ?? earlier.images.map(({ ref }) => ref)
  if (!isNamed(earlierClouds) || !isNamed(clouds.map(({ cloud }) => cloud)))
    return create(compareClouds(clouds, earlier, unselected), {
      compared: clouds.length,
      notCompared: [],
      unobserved: 0,
    })
  const groups = groupByCloud(earlier.images)
  const earlierUnselected = groupByCloud(earlier.unselected ?? [])
  const nowUnselected = groupByCloud(unselected)
  const compareCloud = (observed: CloudObservation): readonly DiffEntry[] => {
    const key = toKey(observed.cloud)
    const side = { ...earlier, images: groups.get(key) ?? [], unselected: earlierUnselected.get(key) }
    return compareClouds([observed], side, nowUnselected.get(key) ?? [])
  }
  const earlierKeys = new Set(earlierClouds.map(toKey))
  // Without the list of its clouds, an earlier state without images may be of any cloud.
  const isCompared = ({ cloud }: CloudObservation): boolean =>
    earlierKeys.has(toKey(cloud)) || (earlier.clouds === undefined && earlier.images.length === 0)
  const compared = clouds.filter(isCompared)
  const observedKeys = new Set(clouds.map(({ cloud }) => toKey(cloud)))
  return create(compared.flatMap(compareCloud), {
    compared: compared.length,
    notCompared: clouds.filter((cloud) => !isCompared(cloud)).map(({ cloud }) => cloud),
    unobserved: earlier.images.filter((image) => !observedKeys.has(toRefKey(image))).length,
  })
}

const ORDER: readonly DiffEntry['state'][] = ['removed', 'added', 'changed', 'unknown', 'same']

/** Sorts entries: removed, added, changed, then unknown images. */
export const sortEntries = (entries: readonly DiffEntry[]): readonly DiffEntry[] =>
  entries.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
