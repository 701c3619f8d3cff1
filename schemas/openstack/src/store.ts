import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** Glance sends the string `true`, and omits the key for false. glance: glance/api/v2/discovery.py, get_stores. */
const flag = t.union([t.string, t.boolean, t.null], 'string, boolean or null')

/** A place for image data. glance: glance/api/v2/discovery.py, get_stores and get_stores_detail. */
export const GlanceStore = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      description: nullable(t.string),
      /** `true`: the default store. */
      default: flag,
      /** `true`: an HTTP store, which accepts locations but no data. */
      'read-only': flag,
      /** `file`, `rbd`, `swift`, `cinder`, `s3`, `http`. This and the next two keys are only in the detailed list, for admins. */
      type: nullable(t.string),
      weight: nullable(t.number),
      /** Depends on the type; may reveal details of the backend (`data_dir`). */
      properties: t.unknown,
    }),
  ],
  'GlanceStore',
)
export type GlanceStore = t.TypeOf<typeof GlanceStore>

/** GET /v2/info/stores and /v2/info/stores/detail; 404 with a single store. Decode each element with `GlanceStore`. */
export const GlanceStoreList = t.type({ stores: t.array(t.unknown) }, 'GlanceStoreList')
export type GlanceStoreList = t.TypeOf<typeof GlanceStoreList>
