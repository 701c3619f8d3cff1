import { Count, DateText, nullable, openEnum, withRest } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** glance: glance/domain/__init__.py, Image.valid_state_targets. */
export const GlanceImageStatus = openEnum('GlanceImageStatus', [
  'queued',
  'saving',
  'active',
  'killed',
  'deleted',
  'pending_delete',
  'deactivated',
  'uploading',
  'importing',
])
export type GlanceImageStatus = t.TypeOf<typeof GlanceImageStatus>

/** glance: glance/api/v2/images.py, get_base_properties. `shared` is the default since API 2.5. */
export const GlanceVisibility = openEnum('GlanceVisibility', ['public', 'private', 'shared', 'community'])
export type GlanceVisibility = t.TypeOf<typeof GlanceVisibility>

/** A copy of the data in a store. Present only if the operator allows it (`show_multiple_locations`); `metadata` is free-form. */
export const GlanceLocation = t.partial(
  { url: nullable(t.string), metadata: t.unknown, validation_data: t.unknown },
  'GlanceLocation',
)
export type GlanceLocation = t.TypeOf<typeof GlanceLocation>

/** The base keys of an image. glance: glance/api/v2/images.py, get_base_properties and ResponseSerializer._format_image. */
const base = {
  /** Not unique. */
  name: nullable(t.string),
  status: nullable(GlanceImageStatus),
  visibility: nullable(GlanceVisibility),
  protected: nullable(t.boolean),
  /** Since API 2.7 (Rocky). */
  os_hidden: nullable(t.boolean),
  /** MD5 in hexadecimal. Null without data, and for images activated by location. */
  checksum: nullable(t.string),
  /** The multihash algorithm, with its name in hashlib. Since API 2.7. */
  os_hash_algo: nullable(t.string),
  /** Hexadecimal. */
  os_hash_value: nullable(t.string),
  /** Project ID. */
  owner: nullable(t.string),
  /** Bytes; null before the upload; 0 for volume-backed snapshots. */
  size: nullable(Count),
  /** Size of the virtual disk in bytes, if the format inspector detected it. */
  virtual_size: nullable(Count),
  /** Allowed values are configured by the operator, so no list is complete. */
  container_format: nullable(t.string),
  /** Allowed values are configured by the operator, so no list is complete. */
  disk_format: nullable(t.string),
  /** GiB. */
  min_disk: nullable(Count),
  /** MiB. */
  min_ram: nullable(Count),
  created_at: nullable(DateText),
  updated_at: nullable(DateText),
  /** Unordered: Glance stores a set. */
  tags: nullable(t.array(t.string)),
  /** Path of this record. */
  self: nullable(t.string),
  file: nullable(t.string),
  schema: nullable(t.string),
  /** Location of the data; only with `show_image_direct_url`. Do not publish it: it reveals details of the backend. */
  direct_url: nullable(t.string),
  locations: nullable(t.array(GlanceLocation)),
  /** Comma-separated store IDs; an array in one of tempest's samples. Only with several stores. */
  stores: nullable(t.union([t.string, t.array(t.string)], 'string or list of strings')),
} as const

/** Additional properties that imago reads; the API sends them next to the base fields. glance: doc/source/admin/useful-image-properties.rst. */
const conventions = {
  architecture: nullable(t.string),
  os_distro: nullable(t.string),
  os_version: nullable(t.string),
  /** `linux` or `windows`. */
  os_type: nullable(t.string),
  os_admin_user: nullable(t.string),
  os_secure_boot: nullable(t.string),
  hw_firmware_type: nullable(t.string),
  description: nullable(t.string),
  /** `snapshot` for images created by Nova. */
  image_type: nullable(t.string),
  /** The disks of a server as JSON. Nova sets it instead of `image_type` if the server boots from a volume; `snapshot_id` is Cinder's. nova: nova/compute/api.py, snapshot_volume_backed. */
  block_device_mapping: nullable(t.string),
  instance_uuid: nullable(t.string),
  base_image_ref: nullable(t.string),
  /** SCS-0102: source of the image, a URL or `private`. */
  image_source: nullable(t.string),
  /** SCS-0102: description of the image. */
  image_description: nullable(t.string),
  /** SCS-0102: default login user of the image. */
  image_original_user: nullable(t.string),
  /** SCS-0102: a date, `none` or `notice`. */
  provided_until: nullable(t.string),
  /** Computed by openstacksdk before the upload; '' if it was not computed. */
  'owner_specified.openstack.md5': nullable(t.string),
  'owner_specified.openstack.sha256': nullable(t.string),
  /** Spelling of shade, the predecessor of openstacksdk. */
  'owner_specified.shade.md5': nullable(t.string),
  'owner_specified.shade.sha256': nullable(t.string),
  // Huawei Cloud and clouds based on it (Open Telekom Cloud and others): support.huaweicloud.com, Image Management Service, API reference, "Image Attributes".
  /** `Linux`, `Windows` or `Other`. */
  __os_type: nullable(t.string),
  /** `CentOS`, `Ubuntu`, `Windows`, `EulerOS` … */
  __platform: nullable(t.string),
  /** `CentOS 7.3 64bit`. */
  __os_version: nullable(t.string),
  /** Bytes, as decimal digits. These clouds document `size` and `checksum` as "unavailable currently", and send 0 and the MD5 of empty input. */
  __image_size: nullable(t.string),
} as const

/** The keys that Glance defines; every other key of an image is an additional property. */
export const GLANCE_BASE_KEYS: ReadonlySet<string> = new Set(['id', ...Object.keys(base)])

/**
 * An image in the Glance v2 API. Additional properties are top-level keys with string or null values (null: `kernel_id`, `ramdisk_id`).
 * The API has no `properties` object, but a property may be named `properties`.
 */
export const GlanceImage = withRest(
  t.intersection(
    [t.type({ /** UUID, usually. */ id: t.string }), t.partial(base), t.partial(conventions)],
    'GlanceImageFields',
  ),
  nullable(t.string),
  'GlanceImage',
)
export type GlanceImage = t.TypeOf<typeof GlanceImage>
