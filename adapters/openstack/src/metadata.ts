import type { FieldProperty, MetadataRules, CopyExclusion, TextRule } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack'
import { LONGEST, RESERVED, RESERVED_PREFIX } from './requests/property-name.ts'

/** Glance rejects characters of four bytes in UTF-8 with every database (glance: glance/common/utils.py, no_4byte_params). */
const plain = (maxLength: number | null): TextRule => ({
  maxLength,
  pattern: '^[^\\u{10000}-\\u{10FFFF}]*$',
  reserved: [],
  requirement: 'have no characters beyond U+FFFF, such as emoji',
})

const written = (
  field: FieldProperty['field'],
  property: string,
  values: readonly string[] | null = null,
): FieldProperty => ({ field, property, from: 'properties', values })

/** glance: doc/source/admin/useful-image-properties.rst. */
const FIELD_PROPERTIES: readonly FieldProperty[] = [
  { field: 'description', property: 'description', from: 'field', values: null },
  { field: 'architecture', property: 'architecture', from: 'field', values: null },
  written('os.family', 'os_type', ['linux', 'windows']),
  written('os.distro', 'os_distro'),
  written('os.version', 'os_version'),
  written('os.defaultUser', 'os_admin_user'),
  written('boot.firmware', 'hw_firmware_type'),
  written('boot.secureBoot', 'os_secure_boot'),
  // SCS-0102. The value is specific to one cloud.
  { field: 'unavailableAfter', property: 'provided_until', from: 'provider', values: null },
]

/**
 * Properties that refer to keys in Barbican, which are deleted with the image: of Cinder (cinder: cinder/volume/flows/manager/create_volume.py),
 * Glance and Nova (openstack/cinder-specs: LUKS-image-encryption.rst; openstack/nova-specs: ephemeral-encryption.rst).
 */
const ENCRYPTION_PROPERTIES: readonly string[] = [
  'cinder_encryption_*',
  'os_encrypt_*',
  'os_decrypt_*',
  'hw_ephemeral_encryption_secret_*',
]

const properties = (why: string, names: readonly string[]): CopyExclusion => ({ entries: 'properties', why, names })

/**
 * Properties without meaning in another cloud. Fields of a Glance image: glance/api/v2/images.py, get_base_properties.
 * Nova and Cinder write references into one cloud: nova/objects/image_meta.py, nova/compute/utils.py.
 */
const NOT_COPIED: readonly CopyExclusion[] = [
  properties('set by the service, not by the user', [
    'id',
    'name',
    'status',
    'visibility',
    'protected',
    'os_hidden',
    'checksum',
    'os_hash_algo',
    'os_hash_value',
    'owner',
    'size',
    'virtual_size',
    'container_format',
    'disk_format',
    'min_disk',
    'min_ram',
    'created_at',
    'updated_at',
    'tags',
    'self',
    'file',
    'schema',
    'stores',
    'locations',
    'location',
    'direct_url',
    'deleted',
    'deleted_at',
    `${RESERVED_PREFIX}*`,
    '__*',
  ]),
  properties('refers to a resource of the source cloud', [
    'kernel_id',
    'ramdisk_id',
    'instance_uuid',
    'base_image_ref',
    'user_id',
    'owner_id',
    'img_owner_id',
    'owner_project_name',
    'owner_user_name',
  ]),
  properties('set by Nova: describes the server that the image was created from', [
    'image_type',
    'image_location',
    'image_state',
    'boot_roles',
    'block_device_mapping',
    'mappings',
    'root_device_name',
    'bdm_v2',
    'img_block_device_mapping',
    'img_mappings',
    'img_root_device_name',
    'img_bdm_v2',
    'base_image_*',
  ]),
  properties('part of a signature made with a certificate of the source cloud', [
    'img_signature',
    'img_signature_hash_method',
    'img_signature_key_type',
    'img_signature_certificate_uuid',
  ]),
  properties(
    'names an encryption key of the source cloud, and deleting the copy could delete that key',
    ENCRYPTION_PROPERTIES,
  ),
  properties('a digest that the uploading client computed; the target computes its own', [
    'owner_specified.openstack.*',
    'owner_specified.shade.*',
  ]),
]

/** The VMDK subformat, under its old and its new name. nova: nova/objects/image_meta.py. */
const FORMAT_PROPERTIES: readonly string[] = ['vmware_disktype', 'hw_disk_type']

/** Properties for host selection, or for a single hypervisor. nova: nova/objects/image_meta.py; nova/scheduler/filters/image_props_filter.py. */
const HYPERVISOR_PROPERTIES: readonly string[] = [
  'hypervisor_type',
  'img_hv_type',
  'hypervisor_version_requires',
  'img_hv_requested_version',
  'vm_mode',
  'hw_vm_mode',
  'vmware_*',
  'xenapi_*',
]

/** glance: glance/common/config.py, image_tag_quota and image_property_quota. Operators can change them; the API does not expose them. */
const DEFAULT_COUNT = { max: 128, isFixed: false } as const

/** Meaning and limits of Glance's metadata. Lengths: glance/api/v2/images.py, get_base_properties; property names are limited to 255 characters by the database. */
export const metadata: MetadataRules = {
  fieldProperties: FIELD_PROPERTIES,
  copyExclusions: NOT_COPIED,
  formatProperties: FORMAT_PROPERTIES,
  hypervisorProperties: HYPERVISOR_PROPERTIES,
  encryptionProperties: ENCRYPTION_PROPERTIES,
  tagCount: DEFAULT_COUNT,
  propertyCount: DEFAULT_COUNT,
  name: plain(LONGEST),
  description: plain(null),
  tag: plain(LONGEST),
  propertyName: {
    maxLength: LONGEST,
    pattern: '^[^\\s\\u{10000}-\\u{10FFFF}](?:[^\\u{10000}-\\u{10FFFF}]*[^\\s\\u{10000}-\\u{10FFFF}])?$',
    reserved: [...GLANCE_BASE_KEYS, ...RESERVED, `${RESERVED_PREFIX}*`],
    requirement: 'not be empty, begin or end with a space, or have characters beyond U+FFFF, such as emoji',
  },
  propertyValue: plain(null),
}
