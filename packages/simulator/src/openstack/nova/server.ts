import { uuidOf } from '../ids.ts'
import { DEMO, GIB, MIB, OTHER } from '../glance/catalogue/seed.ts'

export interface Server {
  readonly id: string
  readonly name: string
  readonly project: string
  readonly status: 'ACTIVE' | 'SHUTOFF' | 'BUILD'
  /** Bytes of its disk that are in use: what a snapshot holds. Null: the disk is a volume. */
  readonly used: number | null
  readonly disk: number
  /** GiB. */
  readonly minDisk: number
  readonly imageId: string | null
  readonly createdAt: number
  readonly metadata: Readonly<Record<string, string>>
}

const server = (region: string, name: string, more: Partial<Server>): Server => ({
  id: uuidOf(`server/${region}/${name}`),
  name,
  project: DEMO,
  status: 'ACTIVE',
  used: 3 * MIB,
  disk: 10 * GIB,
  minDisk: 10,
  imageId: uuidOf(`image/${region}/debian-12`),
  createdAt: Date.UTC(2026, 8, 1, 12),
  metadata: {},
  ...more,
})

export const serversOf = (region: string): readonly Server[] => [
  server(region, 'web-1', { metadata: { role: 'web' } }),
  server(region, 'web-2', { status: 'SHUTOFF', metadata: { role: 'web' } }),
  server(region, 'database', { used: null, minDisk: 40, imageId: null }),
  server(region, 'building', { status: 'BUILD', used: 0 }),
  server(region, 'other-1', { project: OTHER }),
]
