import { type Dialect, type JsonObject, certainMatch, isJsonObject } from '@imago/core/provider'
import { isFromShade } from './shade.ts'
import { toWireValue, LIFT_PROPERTIES } from './wire-value.ts'

const BY_SDK_NAMES = certainMatch('it has openstacksdk’s own names: is_protected, is_hidden, hash_algo, owner_id')

/** openstacksdk: openstack/image/v2/image.py, names that differ from the API's. */
const SDK_NAMES: ReadonlyMap<string, string> = new Map([
  ['is_hidden', 'os_hidden'],
  ['is_protected', 'protected'],
  ['hash_algo', 'os_hash_algo'],
  ['hash_value', 'os_hash_value'],
  ['owner_id', 'owner'],
  ['needs_config_drive', 'img_config_drive'],
  ['needs_secure_boot', 'os_secure_boot'],
  ['is_hw_vif_multiqueue_enabled', 'hw_vif_multiqueue_enabled'],
  ['is_hw_boot_menu_enabled', 'hw_boot_menu'],
  ['has_auto_disk_config', 'auto_disk_config'],
])

/** The API's `protected` is not an SDK name. A property may be named `is_protected` or `owner_id`, but then `protected` is also present. */
const hasSdkNames = (record: JsonObject): boolean =>
  record['protected'] === undefined
    ? record['is_protected'] !== undefined || record['hash_algo'] !== undefined
    : typeof record['properties'] === 'object' && (record['owner_id'] !== undefined || isJsonObject(record['location']))

export const openstacksdk: Dialect = {
  name: 'openstacksdk',
  title: 'openstacksdk’s Image.to_dict()',
  recognize: (record) =>
    typeof record['id'] === 'string' &&
    hasSdkNames(record) &&
    !isFromShade(record) &&
    (record['disk_format'] !== undefined || record['status'] !== undefined)
      ? BY_SDK_NAMES
      : null,
  // `location` is the image's cloud, region and project, added by the SDK.
  translation: { rename: SDK_NAMES, lift: LIFT_PROPERTIES, respell: toWireValue, own: new Set(['location']) },
}
