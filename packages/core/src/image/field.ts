import type { Digest, Firmware, Image, ImageKind, ImageStatus, Origin, OsFamily, SecureBoot, Visibility } from './image.ts'

/** The fields that a mapping fills, by their path in `Image`, with the type of their values. (`raw` and the rest of `ref` are given by the reader.) */
export interface ImageFields {
  readonly 'ref.id': string
  readonly name: string
  readonly description: string
  readonly kind: ImageKind
  readonly status: ImageStatus
  readonly providerStatus: string
  readonly visibility: Visibility
  readonly hidden: boolean
  readonly owner: string
  readonly protected: boolean
  readonly rapidDeploy: boolean
  readonly architecture: string
  readonly 'os.family': OsFamily
  readonly 'os.distro': string
  readonly 'os.version': string
  readonly 'os.defaultUser': string
  readonly 'boot.firmware': Firmware
  readonly 'boot.secureBoot': SecureBoot
  readonly 'format.disk': string
  readonly 'format.container': string
  readonly 'size.stored': number
  readonly 'size.virtual': number
  readonly 'size.minDisk': number
  readonly 'size.minRam': number
  readonly digests: readonly Digest[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string
  readonly deprecatedAt: string
  readonly unavailableAfter: string
  readonly origins: readonly Origin[]
  readonly stores: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly properties: Readonly<Record<string, string | null>>
}

export type FieldName = keyof ImageFields

/** What the generated references say of a field, whatever the provider. */
export interface FieldDescription {
  /** The type of its values, in words. */
  readonly type: string
  readonly meaning: string
}

/** Every field of an image, in the order in which everything prints them. */
export const FIELDS: Readonly<Record<FieldName, FieldDescription>> = {
  'ref.id': { type: 'string', meaning: 'The provider’s identifier, as text.' },
  name: { type: 'string', meaning: 'Not unique at any provider.' },
  description: { type: 'string', meaning: 'What a person wrote about it. An empty one was said, and is kept.' },
  kind: { type: 'system, app, snapshot, backup, image, unknown', meaning: 'What the image is for.' },
  status: { type: 'pending, available, unavailable, failed, deleting, deleted, unknown', meaning: 'Where it is in its life.' },
  providerStatus: { type: 'string', meaning: 'The provider’s own word for the status.' },
  visibility: { type: 'public, private, shared, community, unknown', meaning: 'Who can see it.' },
  hidden: { type: 'boolean', meaning: 'Left out of default lists.' },
  owner: { type: 'string', meaning: 'The owning project.' },
  protected: { type: 'boolean', meaning: 'Cannot be deleted until this is lifted.' },
  rapidDeploy: { type: 'boolean', meaning: 'Servers start from it faster than usual.' },
  architecture: { type: 'string', meaning: 'Kernel name of the CPU architecture: x86_64, aarch64 …' },
  'os.family': { type: 'linux, windows, bsd, macos, other', meaning: 'The family of the operating system.' },
  'os.distro': { type: 'string', meaning: 'os-release ID: ubuntu, almalinux …' },
  'os.version': { type: 'string', meaning: 'os-release VERSION_ID, as printed.' },
  'os.defaultUser': { type: 'string', meaning: 'The user that the image makes at first boot.' },
  'boot.firmware': { type: 'bios, uefi', meaning: 'The firmware it boots from.' },
  'boot.secureBoot': { type: 'required, optional, disabled', meaning: 'Whether it boots under Secure Boot.' },
  'format.disk': { type: 'string', meaning: 'Disk format: qcow2, raw …' },
  'format.container': { type: 'string', meaning: 'Container format: bare, ova …' },
  'size.stored': { type: 'bytes', meaning: 'What the provider keeps.' },
  'size.virtual': { type: 'bytes', meaning: 'The disk inside the image.' },
  'size.minDisk': { type: 'bytes', meaning: 'The least disk that a server needs.' },
  'size.minRam': { type: 'bytes', meaning: 'The least memory that a server needs.' },
  digests: { type: 'list of digests', meaning: 'Digests, the bytes they are of, and who asserts them.' },
  createdAt: { type: 'instant', meaning: 'When the record was made.' },
  updatedAt: { type: 'instant', meaning: 'When the record was last changed.' },
  deletedAt: { type: 'instant', meaning: 'When it was deleted.' },
  deprecatedAt: { type: 'instant', meaning: 'When the provider announced that it goes away.' },
  unavailableAfter: { type: 'instant', meaning: 'After this no new server can be made from it.' },
  origins: { type: 'list of origins', meaning: 'Servers, images and URLs it comes from or hangs on.' },
  stores: { type: 'list of strings', meaning: 'The provider’s stores that hold the data.' },
  labels: { type: 'map of strings', meaning: 'Key-value labels.' },
  tags: { type: 'list of strings', meaning: 'Tags, sorted.' },
  properties: { type: 'map of strings', meaning: 'What the provider lets users attach freely.' },
}

export const FIELD_NAMES: readonly FieldName[] = Object.keys(FIELDS) as FieldName[]

const NOTHING: readonly never[] = Object.freeze([])
const NO_ENTRIES: Readonly<Record<string, never>> = Object.freeze({})

/** What stands in an `Image` where a field has no value: `null`, an empty list or map, or `unknown` in a field that is a word of ours. */
export const emptyOf = (field: FieldName): unknown => {
  switch (field) {
    case 'ref.id':
      return ''
    case 'kind':
    case 'status':
    case 'visibility':
      return 'unknown'
    case 'digests':
    case 'origins':
    case 'stores':
    case 'tags':
      return NOTHING
    case 'labels':
    case 'properties':
      return NO_ENTRIES
    default:
      return null
  }
}

/** The value of `field` in `image`. */
export const fieldOf = (image: Image, field: FieldName): unknown => {
  const [outer = '', inner] = field.split('.')
  const value = (image as unknown as Readonly<Record<string, unknown>>)[outer]
  return inner === undefined ? value : (value as Readonly<Record<string, unknown>>)[inner]
}
