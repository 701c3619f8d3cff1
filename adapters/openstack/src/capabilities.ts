import type { Capabilities, CapabilityName, ImageChanges } from '@imago/core/provider'
import { metadata } from './metadata.ts'
import { FILTERS } from './requests/image-query.ts'

/** Glance's default maximum; larger limits are silently reduced. glance: glance/common/config.py, api_limit_max. */
export const LARGEST_PAGE = 1000

/** Fields that a patch can change. Nova sets `kind`, and Glance has no labels. */
export const CHANGES: readonly (keyof ImageChanges)[] = [
  'name',
  'description',
  'tags',
  'properties',
  'minDisk',
  'minRam',
]

const one = { requests: 1, billed: false, long: false } as const
const two = { requests: 2, billed: false, long: false } as const

/** The optional methods of the source, in the order of `CAPABILITIES`. The compiler checks them against the source. */
export const OPERATIONS = [
  'owner',
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'shares',
  'share',
  'servers',
  'createFromServer',
  'create',
  'upload',
  'download',
  'uploadLimits',
  'orphans',
  'deleteOrphan',
  'importFromUrl',
  'copyToStore',
  'operations',
  'operation',
  'usage',
] as const satisfies readonly CapabilityName[]

/** The capabilities of Glance and Nova without restrictions. */
export const declaredWithoutPrices: Capabilities = {
  operations: OPERATIONS,
  filters: FILTERS,
  changes: CHANGES,
  // MD5 is `checksum`. The operator chooses the other algorithm; sha512 is the default. glance: glance/common/config.py, hashing_algorithm.
  digests: ['sha512', 'md5'],
  // The operator also sets the maximum size (image_size_cap), which the API does not expose.
  limits: { pageSize: LARGEST_PAGE, uploadBytes: null },
  // The data of an active image cannot be replaced: PUT …/file returns 409. glance: api-ref/source/v2/images-data.inc.
  immutableKinds: ['image', 'snapshot'],
  metadata,
  costs: {
    get: one,
    listPage: one,
    // The token contains the project.
    owner: { requests: 0, billed: false, long: false },
    update: two,
    delete: one,
    protect: one,
    hide: one,
    deactivate: two,
    setVisibility: one,
    shares: one,
    share: two,
    create: one,
    // The record is read before and after the upload.
    upload: { requests: 3, billed: true, long: false },
    download: one,
    uploadLimits: { requests: 3, billed: false, long: false },
    orphans: { requests: null, billed: false, long: false },
    deleteOrphan: two,
    importFromUrl: { requests: 3, billed: true, long: true },
    copyToStore: { requests: 3, billed: true, long: true },
    createFromServer: { requests: null, billed: true, long: true },
    operations: two,
    operation: two,
    // Lists servers, volumes and images, with one request for each image of visibility `shared`.
    usage: { requests: null, billed: false, long: false },
  },
}

/** The same with configured prices. */
export const declared: Capabilities = {
  ...declaredWithoutPrices,
  operations: [...OPERATIONS, 'prices'],
  costs: { ...declaredWithoutPrices.costs, prices: { requests: 0, billed: false, long: false } },
}
