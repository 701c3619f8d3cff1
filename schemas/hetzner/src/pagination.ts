import { Count, nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026.

/**
 * Where a page stands. Spec: ListMeta.pagination, which requires every key; mock servers send only `next_page`.
 * A page is the last one if it has no `next_page`: `last_page` and `total_entries` may be null at any time, by the spec.
 */
export const HetznerPagination = t.partial(
  {
    /** From 1. */
    page: nullable(Count),
    /** 25 unless asked otherwise, 50 at most. */
    per_page: nullable(Count),
    previous_page: nullable(Count),
    next_page: nullable(Count),
    last_page: nullable(Count),
    total_entries: nullable(Count),
  },
  'HetznerPagination',
)
export type HetznerPagination = t.TypeOf<typeof HetznerPagination>

/** What stands beside the records of a list. Spec: ListMeta. */
export const HetznerMeta = t.partial({ pagination: nullable(HetznerPagination) }, 'HetznerMeta')
export type HetznerMeta = t.TypeOf<typeof HetznerMeta>
