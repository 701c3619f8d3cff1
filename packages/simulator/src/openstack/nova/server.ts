import { toUuid } from '../ids.ts'
import { DEMO, GIB, MIB, OTHER } from '../glance/catalogue/seed.ts'

export interface Server {
  readonly id: string
  readonly name: string
  readonly project: string
  readonly status: 'ACTIVE' | 'SHUTOFF' | 'BUILD' | 'SHELVED_OFFLOADED' | 'ERROR'
  /** The current task state. */
  readonly task: string | null
  /** The reason of the status ERROR. */
  readonly fault: string | null
  /** The used bytes of its disk: the size of a snapshot. Null: the disk is a volume. */
  readonly used: number | null
  readonly disk: number
  /** GiB. */
  readonly minDisk: number
  readonly imageId: string | null
  /** The image that holds its disk while it is shelved. Nova does not show it. */
  readonly shelvedImageId: string | null
  /** The boot volume. */
  readonly volumeId: string | null
  readonly createdAt: number
  readonly metadata: Readonly<Record<string, string>>
}

const server = (region: string, name: string, more: Partial<Server>): Server => ({
  id: toUuid(`server/${region}/${name}`),
  name,
  project: DEMO,
  status: 'ACTIVE',
  task: null,
  fault: null,
  used: 3 * MIB,
  disk: 10 * GIB,
  minDisk: 10,
  imageId: toUuid(`image/${region}/debian-12`),
  shelvedImageId: null,
  volumeId: null,
  createdAt: Date.UTC(2026, 8, 1, 12),
  metadata: {},
  ...more,
})

/** Servers by ID, in the order of lists. */
export type Servers = Map<string, Server>

const createSeeds = (region: string): readonly Server[] => [
  server(region, 'web-1', { metadata: { role: 'web' } }),
  server(region, 'web-2', { status: 'SHUTOFF', metadata: { role: 'web' } }),
  server(region, 'database', {
    used: null,
    minDisk: 40,
    imageId: null,
    volumeId: toUuid(`volume/${region}/database-root`),
  }),
  server(region, 'building', { status: 'BUILD', used: 0 }),
  server(region, 'other-1', { project: OTHER }),
]

export const createServers = (region: string): Servers => new Map(createSeeds(region).map((one) => [one.id, one]))
