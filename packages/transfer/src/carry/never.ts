/** What imago writes to an image that a run makes, so that a second run of the plan finds it. Its value is the run's id. */
export const RUN_PROPERTY = 'imago_run'
/** The same, where there are labels and no properties. */
export const RUN_LABEL = 'imago-run'
/** On what imago makes for itself only, and on an image that is not whole yet. */
export const TEMPORARY_LABEL = { key: 'imago', value: 'temporary' } as const

/** What imago writes to an image beside what the user says: a run, the name, and how many bytes of the disk are the image’s. */
const OWN_LABELS: ReadonlySet<string> = new Set([RUN_LABEL, TEMPORARY_LABEL.key, 'imago-name', 'imago-bytes'])

const SERVICE = 'the service’s own, not the user’s'
const BOUND = 'points to something of the cloud it comes from'
const NOVA = 'Nova wrote it about the server the image was made from'
const KEY = 'belongs to a key of the cloud it comes from, which deleting the copy could delete'
const SIGNATURE = 'signs bytes with a certificate of the cloud it comes from'

/**
 * Properties that mean nothing elsewhere, and why. The first eighteen are fields of a Glance image (glance: glance/api/v2/images.py,
 * get_base_properties); the cloud-bound ones are those that nova and cinder write (nova: nova/objects/image_meta.py, nova/compute/utils.py).
 */
const EXACT: ReadonlyMap<string, string> = new Map([
  ...['id', 'name', 'status', 'visibility', 'protected', 'os_hidden', 'checksum', 'os_hash_algo', 'os_hash_value', 'owner', 'size', 'virtual_size', 'container_format', 'disk_format', 'min_disk', 'min_ram', 'created_at', 'updated_at'].map((key) => [key, SERVICE] as const),
  ...['tags', 'self', 'file', 'schema', 'stores', 'locations', 'location', 'direct_url', 'deleted', 'deleted_at'].map((key) => [key, SERVICE] as const),
  ...['kernel_id', 'ramdisk_id', 'instance_uuid', 'base_image_ref', 'user_id', 'owner_id', 'owner_project_name', 'owner_user_name'].map((key) => [key, BOUND] as const),
  ...['image_type', 'image_location', 'image_state', 'boot_roles', 'block_device_mapping', 'mappings', 'root_device_name', 'bdm_v2'].map((key) => [key, NOVA] as const),
  ...['img_signature', 'img_signature_hash_method', 'img_signature_key_type', 'img_signature_certificate_uuid'].map((key) => [key, SIGNATURE] as const),
  [RUN_PROPERTY, 'names the run that made the source'],
])

/**
 * Of encrypted images: Cinder's own names (cinder: cinder/volume/flows/manager/create_volume.py), and those of Glance and Nova (openstack/cinder-specs:
 * LUKS-image-encryption.rst; openstack/nova-specs: ephemeral-encryption.rst), which Barbican's keys are found and deleted by.
 */
const ENCRYPTION: readonly string[] = ['cinder_encryption_', 'os_encrypt_', 'os_decrypt_', 'hw_ephemeral_encryption_secret_']

/** Whether a property is of an image whose bytes are ciphertext. */
export const isEncryptionProperty = (name: string): boolean => ENCRYPTION.some((start) => name.startsWith(start))

const PREFIXES: readonly (readonly [string, string])[] = [
  ...ENCRYPTION.map((start) => [start, KEY] as const),
  ['os_glance', SERVICE],
  ['owner_specified.openstack.', 'what the uploading client computed of the bytes; the target’s are computed anew'],
  ['owner_specified.shade.', 'what the uploading client computed of the bytes; the target’s are computed anew'],
  ['base_image_', NOVA],
  ['__', SERVICE],
]

/** Glance: the name of a property is a column of 255. */
const LONGEST_NAME = 255

/** Why a property does not travel; `null`: it does. */
export const whyNeverProperty = (name: string): string | null => {
  const exact = EXACT.get(name)
  if (exact !== undefined) return exact
  const prefix = PREFIXES.find(([start]) => name.startsWith(start))
  if (prefix !== undefined) return prefix[1]
  if (name === '' || name.trim() !== name || name.length > LONGEST_NAME) return 'no cloud takes a property of this name'
  return null
}

/** Why a label does not travel; `null`: it does. */
export const whyNeverLabel = (key: string): string | null => {
  if (OWN_LABELS.has(key)) return 'imago wrote it about the run that made the source'
  return key.startsWith('hetzner.cloud/') ? SERVICE : null
}
