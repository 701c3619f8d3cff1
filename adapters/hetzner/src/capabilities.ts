import type { Capabilities, CapabilityName, CostHint } from '@imago/core/provider'
import { metadata } from './metadata.ts'

const request = (requests: number | null, rest: Partial<CostHint> = {}): CostHint => ({
  requests,
  billed: false,
  long: false,
  ...rest,
})

/** The most images on a page. Spec: Pagination. */
export const LARGEST_PAGE = 50

/** The optional methods of the source, in the order of `CAPABILITIES`. The compiler holds the source to them. */
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

/** What Hetzner Cloud can do at best. */
export const declared: Capabilities = {
  operations: OPERATIONS,
  filters: ['architecture', 'status', 'visibility', 'kind', 'name', 'labels', 'deprecated'],
  changes: ['description', 'labels', 'kind'],
  // It gives none.
  digests: [],
  limits: { pageSize: LARGEST_PAGE, uploadBytes: null },
  // Each is made once, from a disk, and no call writes into it. What stands behind the ID of a system or app image is Hetzner's to renew.
  // https://docs.hetzner.cloud/reference/cloud#images
  immutableKinds: ['snapshot', 'backup'],
  metadata,
  costs: {
    get: request(1),
    listPage: request(1),
    // Reads before it writes: labels are replaced as a whole.
    update: request(2),
    delete: request(1),
    // The change is an action, which may take a moment.
    protect: request(null),
    // A snapshot is billed by its size, every month.
    createFromServer: request(1, { billed: true, long: true }),
    // A server for as long as it takes.
    download: request(null, { billed: true }),
    // That, and the snapshot.
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
