import { nullable } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "cinder": opendev.org/openstack/cinder, api-ref/source/v3/volumes-v3-volumes.inc.

/**
 * A volume, reduced to its references to images. cinder: cinder/api/v3/views/volumes.py.
 * References are `unknown`: callers decode them, so that an invalid reference is not mistaken for an absent one.
 */
export const CinderVolume = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      /** '' for volumes created by Nova. */
      name: nullable(t.string),
      /** `available`, `in-use` … */
      status: nullable(t.string),
      /** GiB. */
      size: nullable(t.number),
      /** ID of the source snapshot, or null. */
      snapshot_id: t.unknown,
      /** `[{ server_id, device }]`. */
      attachments: t.unknown,
      /** `{ image_id, image_name }` and properties of the source image, all as text. Absent for volumes that were not created from an image. */
      volume_image_metadata: t.unknown,
    }),
  ],
  'CinderVolume',
)
export type CinderVolume = t.TypeOf<typeof CinderVolume>
