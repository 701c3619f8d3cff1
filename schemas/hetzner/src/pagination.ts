import { Count, nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/**
 * The position of a page in its list. Spec: ListMeta.pagination, which requires every key; mock servers send only `next_page`.
 * The last page has no `next_page`. By the spec, `last_page` and `total_entries` may be null on any page.
 */
export const HetznerPagination = t.partial(
  {
    /** From 1. */
    page: nullable(Count),
    /** Default: 25. Maximum: 50. */
    per_page: nullable(Count),
    previous_page: nullable(Count),
    next_page: nullable(Count),
    last_page: nullable(Count),
    total_entries: nullable(Count),
  },
  'HetznerPagination',
)
export type HetznerPagination = t.TypeOf<typeof HetznerPagination>

/** Metadata of a list. Spec: ListMeta. */
export const HetznerMeta = t.partial({ pagination: nullable(HetznerPagination) }, 'HetznerMeta')
export type HetznerMeta = t.TypeOf<typeof HetznerMeta>
