import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "cinder": opendev.org/openstack/cinder, api-ref/source/v3/volumes-v3-volumes.inc.

/**
 * A volume, of which imago reads what images it uses. cinder: cinder/api/v3/views/volumes.py.
 * The references are read by whoever needs them: a wrong one must not be taken for none.
 */
export const CinderVolume = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      /** '' where Nova made it. */
      name: nullable(t.string),
      /** `available`, `in-use` … */
      status: nullable(t.string),
      /** GiB. */
      size: nullable(t.number),
      /** The snapshot that it was made from, or null. */
      snapshot_id: t.unknown,
      /** `[{ server_id, device }]`. */
      attachments: t.unknown,
      /** `{ image_id, image_name }` and properties of the image that it was made from, all of them texts. Absent where it was made from none. */
      volume_image_metadata: t.unknown,
    }),
  ],
  'CinderVolume',
)
export type CinderVolume = t.TypeOf<typeof CinderVolume>
