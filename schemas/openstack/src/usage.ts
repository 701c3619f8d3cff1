import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** What a project uses of one thing, and how much it may; a limit of -1 is none. */
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

/** GET /v2/info/usage: `{ usage: {} }` where Glance does not use Keystone's limits, whatever other quotas it has. */
export const GlanceUsageInfo = t.type({ usage: GlanceUsage }, 'GlanceUsageInfo')
export type GlanceUsageInfo = t.TypeOf<typeof GlanceUsageInfo>
