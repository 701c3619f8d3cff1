import type { MetadataRules } from '@imago/core'

const FIELDS: NonNullable<MetadataRules['fieldProperties']> = [
  { field: 'os.family', property: 'os_type', from: 'properties', values: ['linux', 'windows'] },
  { field: 'os.distro', property: 'os_distro', from: 'properties', values: null },
  { field: 'os.version', property: 'os_version', from: 'properties', values: null },
  { field: 'boot.firmware', property: 'hw_firmware_type', from: 'properties', values: null },
]

/** Rules of a provider with properties. */
export const FILE_RULES: MetadataRules = {
  fieldProperties: [
    ...FIELDS,
    { field: 'description', property: 'description', from: 'field', values: null },
    { field: 'architecture', property: 'architecture', from: 'field', values: null },
    { field: 'unavailableAfter', property: 'provided_until', from: 'provider', values: null },
  ],
  copyExclusions: [
    {
      entries: 'properties',
      names: ['checksum', 'direct_url', 'service_*'],
      why: 'set by the service, not by the user',
    },
    { entries: 'properties', names: ['secret_key_*'], why: 'belongs to a key of the cloud it comes from' },
  ],
  formatProperties: ['stored_as'],
  encryptionProperties: ['secret_key_*'],
  propertyName: {
    maxLength: 255,
    pattern: '^\\S(?:.*\\S)?$',
    reserved: ['checksum'],
    requirement: 'not begin or end with a space',
  },
}

/** Rules of a provider with labels. */
export const DISK_RULES: MetadataRules = {
  fieldProperties: FIELDS,
  copyExclusions: [{ entries: 'labels', names: ['provider.cloud/*'], why: 'set by the service, not by the user' }],
}
