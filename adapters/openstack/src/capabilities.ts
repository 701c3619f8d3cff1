import type { Capabilities, CapabilityName, ImageChanges } from '@imago/core/provider'
import { metadata } from './metadata.ts'
import { FILTERS } from './requests/image-query.ts'

/** Glance's default cap: more is cut without a word. glance: glance/common/config.py, api_limit_max. */
export const LARGEST_PAGE = 1000

/** What a patch can change. `kind` is Nova's to say, and labels there are none in Glance. */
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

/** The optional methods of the source, in the order of `CAPABILITIES`. The compiler holds the source to them. */
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

/** What Glance, and Nova where it makes images, can do at best. */
export const declared: Capabilities = {
  operations: OPERATIONS,
  filters: FILTERS,
  changes: CHANGES,
  // MD5 is `checksum`. The other is the operator's choice; this is the usual one. glance: glance/common/config.py, hashing_algorithm.
  digests: ['sha512', 'md5'],
  // The most bytes of an image are the operator's choice too (image_size_cap), and nowhere told.
  limits: { pageSize: LARGEST_PAGE, uploadBytes: null },
  // Data of an active image cannot be written again: PUT …/file is refused with 409. glance: api-ref/source/v2/images-data.inc.
  immutableKinds: ['image', 'snapshot'],
  metadata,
  costs: {
    get: one,
    listPage: one,
    // The login says it.
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
    // The record before and after.
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
    // Servers, volumes and images, each on as many pages as they have; one for each image of visibility `shared`.
    usage: { requests: null, billed: false, long: false },
  },
}
