import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** A project's usage of one resource and its limit; -1 means unlimited. */
export const GlanceUsageEntry = t.partial({ usage: nullable(t.number), limit: nullable(t.number) }, 'GlanceUsageEntry')
export type GlanceUsageEntry = t.TypeOf<typeof GlanceUsageEntry>

/** glance: glance/api/v2/discovery.py, get_usage. */
export const GlanceUsage = t.partial(
  {
    /** MiB. */
    image_size_total: nullable(GlanceUsageEntry),
    /** MiB. */
    image_stage_total: nullable(GlanceUsageEntry),
    image_count_total: nullable(GlanceUsageEntry),
    image_count_uploading: nullable(GlanceUsageEntry),
  },
  'GlanceUsage',
)
export type GlanceUsage = t.TypeOf<typeof GlanceUsage>

/** GET /v2/info/usage; `{ usage: {} }` if Glance does not use Keystone's unified limits, even if other quotas apply. */
export const GlanceUsageInfo = t.type({ usage: GlanceUsage }, 'GlanceUsageInfo')
export type GlanceUsageInfo = t.TypeOf<typeof GlanceUsageInfo>
