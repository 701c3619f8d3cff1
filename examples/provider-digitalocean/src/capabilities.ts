import type { Capabilities, CapabilityName, CostHint } from '@imago/core/provider'

const request = (requests: number | null, rest: Partial<CostHint> = {}): CostHint => ({
  requests,
  billed: false,
  long: false,
  ...rest,
})

/** The maximum number of images on a page (`shared/parameters.yml`). */
export const LARGEST_PAGE = 200

/** Tag names (`tags/parameters.yml`). */
export const TAG = /^[a-zA-Z0-9_:-]+$/
export const LONGEST_TAG = 255

/**
 * The optional methods of the source.
 * `create` is not among them: an image is made and fetched from a URL in one request, and cannot be made without data. Nor is `createFromServer`:
 * a snapshot of a Droplet has no ID before it is complete.
 */
export const OPERATIONS = [
  'update',
  'delete',
  'copyToStore',
  'operations',
  'operation',
] as const satisfies readonly CapabilityName[]

/** What DigitalOcean can do at best. */
export const declared: Capabilities = {
  operations: OPERATIONS,
  filters: ['visibility', 'tags'],
  changes: ['name', 'description', 'tags', 'kind'],
  digests: [],
  limits: { pageSize: LARGEST_PAGE, uploadBytes: null },
  metadata: {
    tag: {
      maxLength: LONGEST_TAG,
      pattern: TAG.source,
      reserved: [],
      requirement: 'have only letters, digits, colons, dashes and underscores',
    },
  },
  costs: {
    get: request(1),
    listPage: request(1),
    // Each tag is a resource with an endpoint of its own.
    update: request(null),
    delete: request(1),
    // Snapshots are billed once, in however many regions they are.
    copyToStore: request(1, { long: true }),
    operations: request(null),
    operation: request(1),
  },
}
