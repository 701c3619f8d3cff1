import { DEMO, OTHER } from '../glance/catalogue/seed.ts'
import { toUuid } from '../ids.ts'

/** A volume as stored in Cinder. */
export interface Volume {
  readonly id: string
  /** Empty if Nova created the volume. */
  readonly name: string
  readonly project: string
  /** GiB. */
  readonly size: number
  readonly status: 'available' | 'in-use'
  /** The image that it was created from. It is kept when the image is deleted. */
  readonly image: { readonly id: string; readonly name: string } | null
  readonly snapshotId: string | null
  readonly serverId: string | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** A snapshot of a volume: it holds the data of an image that Nova created from a server with that volume. */
export interface VolumeSnapshot {
  readonly id: string
  readonly name: string
  readonly project: string
  readonly volumeId: string
  readonly size: number
  readonly createdAt: number
}

export interface CinderState {
  readonly volumes: readonly Volume[]
  readonly snapshots: readonly VolumeSnapshot[]
}

const volume = (region: string, key: string, more: Partial<Volume>): Volume => ({
  id: toUuid(`volume/${region}/${key}`),
  name: key,
  project: DEMO,
  size: 10,
  status: 'available',
  image: null,
  snapshotId: null,
  serverId: null,
  createdAt: Date.UTC(2026, 8, 1, 12),
  ...more,
})

/** The volume created from the snapshot that holds the data of the image `database snapshot`. */
const DATABASE_SNAPSHOT = toUuid('snapshot/database')

/** Creates the root disk of server `database`, volumes from an image and from a snapshot, a blank volume, and one of another project. */
export const createCinderState = (region: string): CinderState => {
  const debian = { id: toUuid(`image/${region}/debian-12`), name: 'Debian 12' }
  const root = volume(region, 'database-root', {
    name: '',
    size: 40,
    status: 'in-use',
    image: debian,
    serverId: toUuid(`server/${region}/database`),
  })
  return {
    volumes: [
      root,
      volume(region, 'data-1', { image: debian }),
      volume(region, 'restored', { size: 40, snapshotId: DATABASE_SNAPSHOT }),
      volume(region, 'scratch', {}),
      volume(region, 'other-data', { project: OTHER, image: debian }),
    ],
    snapshots: [
      {
        id: DATABASE_SNAPSHOT,
        name: 'snapshot for database',
        project: DEMO,
        volumeId: root.id,
        size: 40,
        createdAt: Date.UTC(2026, 9, 1, 12),
      },
    ],
  }
}
