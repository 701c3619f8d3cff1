import type { FieldName } from '@imago/core/provider'

/** Which run made it. Stays on a snapshot. */
export const RUN = 'imago-run'
/** On a snapshot: how many bytes of its disk are the image. A server's disk is larger than the image that is written on it. */
export const BYTES = 'imago-bytes'
/** On a snapshot: the name that it was given, for snapshots have none. */
export const NAME = 'imago-name'
/** On everything that imago makes for itself, and on a snapshot until it is whole. */
export const TEMPORARY = { key: 'imago', value: 'temporary' } as const

/** The labels that imago writes itself: nobody may ask for them. */
export const OWN_LABELS: readonly string[] = [TEMPORARY.key, RUN, BYTES, NAME]

/**
 * Fields that Hetzner has no place for: a snapshot that a transfer made has them in labels that stand for properties (`imago.property/…`). The names are
 * Glance's, so that an image that goes on to a Glance has them there as Glance spells them. Third: the words that there are; `null`: any.
 */
export const CARRIED_PROPERTIES: readonly (readonly [FieldName, string, readonly string[] | null])[] = [
  ['os.family', 'os_type', ['linux', 'windows']],
  ['os.distro', 'os_distro', null],
  ['os.version', 'os_version', null],
  ['os.defaultUser', 'os_admin_user', null],
  ['boot.firmware', 'hw_firmware_type', null],
  ['boot.secureBoot', 'os_secure_boot', null],
]
