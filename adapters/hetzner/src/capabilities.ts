import type { Capabilities, CapabilityName, CostHint } from '@imago/core/provider'
import { metadata } from './metadata.ts'

const request = (requests: number | null, rest: Partial<CostHint> = {}): CostHint => ({
  requests,
  billed: false,
  long: false,
  ...rest,
})

/** The maximum page size. Spec: Pagination. */
export const LARGEST_PAGE = 50

/** The optional methods of the source, in the order of `CAPABILITIES`. The compiler checks the source against them. */
export const OPERATIONS = [
  'update',
  'delete',
  'protect',
  'servers',
  'createFromServer',
  'download',
  'createFromBytes',
  'estimate',
  'orphans',
  'deleteOrphan',
  'operations',
  'operation',
  'usage',
  'prices',
] as const satisfies readonly CapabilityName[]

/** The capabilities of a token without restrictions. */
export const declared: Capabilities = {
  operations: OPERATIONS,
  filters: ['architecture', 'status', 'visibility', 'kind', 'name', 'labels', 'deprecated'],
  changes: ['description', 'labels', 'kind'],
  // The API returns none.
  digests: [],
  limits: { pageSize: LARGEST_PAGE, uploadBytes: null },
  // Snapshots and backups are created once from a disk, and no call changes their data. Hetzner may replace the data of system and app images.
  // https://docs.hetzner.cloud/reference/cloud#images
  immutableKinds: ['snapshot', 'backup'],
  metadata,
  costs: {
    get: request(1),
    listPage: request(1),
    // Reads first, because all labels are replaced.
    update: request(2),
    delete: request(1),
    // The change is an asynchronous action.
    protect: request(null),
    // Snapshots are billed monthly by size.
    createFromServer: request(1, { billed: true, long: true }),
    // A temporary server.
    download: request(null, { billed: true }),
    // A temporary server, and the snapshot.
    createFromBytes: request(null, { billed: true }),
    // Server types, and prices.
    estimate: request(null),
    orphans: request(null),
    deleteOrphan: request(null),
    operations: request(null),
    operation: request(1),
    // Servers and images, each on as many pages as they have.
    usage: request(null),
    prices: request(1),
  },
}
