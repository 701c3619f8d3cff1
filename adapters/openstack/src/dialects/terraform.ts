import { type Dialect, type JsonObject, certainMatch } from '@imago/core/provider'
import { GLANCE_BASE_KEYS } from '@imago/schema-openstack/image'
import { toWireValue, LIFT_PROPERTIES } from './wire-value.ts'

const BY_TERRAFORM = certainMatch('it has min_disk_gb, min_ram_mb or size_bytes beside Glance’s formats')

export const TERRAFORM_NAMES: ReadonlyMap<string, string> = new Map([
  ['min_disk_gb', 'min_disk'],
  ['min_ram_mb', 'min_ram'],
  ['size_bytes', 'size'],
  ['hidden', 'os_hidden'],
])

/** Arguments of the resource and the data source openstack_images_image_v2, and the region. */
export const TERRAFORM_OWN: ReadonlySet<string> = new Set([
  'region',
  'metadata',
  'most_recent',
  'sort',
  'sort_key',
  'sort_direction',
  'size_min',
  'size_max',
  'tag',
  'name_regex',
  'member_status',
  'image_id',
  'timeouts',
  'image_source_url',
  'image_source_username',
  'image_source_password',
  'image_cache_path',
  'local_file_path',
  'web_download',
  'verify_checksum',
  'decompress',
])

/** Go's zero values: size 0 for an image without data, and empty texts. */
export const fromTerraform = (key: string, value: unknown): unknown =>
  (key === 'size' && value === 0) || (value === '' && GLANCE_BASE_KEYS.has(key)) ? undefined : toWireValue(key, value)

const hasFormats = (record: JsonObject): boolean =>
  'container_format' in record || 'disk_format' in record || record['schema'] === '/v2/schemas/image'

export const terraform: Dialect = {
  name: 'terraform',
  title: 'Terraform’s openstack_images_image_v2',
  recognize: (record) =>
    ('min_disk_gb' in record || 'min_ram_mb' in record || 'size_bytes' in record) && hasFormats(record)
      ? BY_TERRAFORM
      : null,
  translation: { rename: TERRAFORM_NAMES, lift: LIFT_PROPERTIES, respell: fromTerraform, own: TERRAFORM_OWN },
}
