import { RUN_EPOCH_LABEL, RUN_LABEL, TEMPORARY_LABEL, type FieldName } from '@imago/core/provider'

/** The number of bytes of a snapshot's disk that are the image. A server's disk is larger than the image written to it. */
export const BYTES = 'imago-bytes'
/** The name of a snapshot, because snapshots at Hetzner have none. */
export const NAME = 'imago-name'
/** Selects temporary resources, and snapshots that are not complete yet. */
export const TEMPORARY_SELECTOR = `${TEMPORARY_LABEL.key}==${TEMPORARY_LABEL.value}`

/** Selects the temporary resources of a run. */
export const selectTemporary = (run: string): string => `${TEMPORARY_SELECTOR},${RUN_LABEL}==${run}`

/** The labels that imago sets itself. Users cannot set them. */
export const OWN_LABELS: readonly string[] = [TEMPORARY_LABEL.key, RUN_LABEL, RUN_EPOCH_LABEL, BYTES, NAME]

/**
 * Fields that Hetzner does not have. Transfers store them in labels (`imago.property/…`) under the names of Glance's properties, so that a later
 * transfer to Glance keeps them. The third element lists the possible values; `null`: any.
 */
export const TRANSFERRED_PROPERTIES: readonly (readonly [FieldName, string, readonly string[] | null])[] = [
  ['os.family', 'os_type', ['linux', 'windows']],
  ['os.distro', 'os_distro', null],
  ['os.version', 'os_version', null],
  ['os.defaultUser', 'os_admin_user', null],
  ['boot.firmware', 'hw_firmware_type', null],
  ['boot.secureBoot', 'os_secure_boot', null],
]
