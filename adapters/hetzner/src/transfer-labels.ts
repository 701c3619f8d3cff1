import type { FieldName } from '@imago/core/provider'

/** The run that created a resource. Snapshots keep it. */
export const RUN = 'imago-run'
/** The number of bytes of a snapshot's disk that are the image. A server's disk is larger than the image written to it. */
export const BYTES = 'imago-bytes'
/** The name of a snapshot, because snapshots at Hetzner have none. */
export const NAME = 'imago-name'
/** The mark of temporary resources, and of snapshots until they are complete. */
export const TEMPORARY = { key: 'imago', value: 'temporary' } as const

/** The labels that imago sets itself. Users cannot set them. */
export const OWN_LABELS: readonly string[] = [TEMPORARY.key, RUN, BYTES, NAME]

/**
 * Fields that Hetzner does not have. Transfers store them in labels (`imago.property/…`) under the names of Glance's properties, so that a later
 * transfer to Glance keeps them. The third element lists the possible values; `null`: any.
 */
export const CARRIED_PROPERTIES: readonly (readonly [FieldName, string, readonly string[] | null])[] = [
  ['os.family', 'os_type', ['linux', 'windows']],
  ['os.distro', 'os_distro', null],
  ['os.version', 'os_version', null],
  ['os.defaultUser', 'os_admin_user', null],
  ['boot.firmware', 'hw_firmware_type', null],
  ['boot.secureBoot', 'os_secure_boot', null],
]
