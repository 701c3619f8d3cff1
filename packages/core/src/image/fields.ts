import { Count, Instant, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { Digest, Firmware, ImageKind, ImageStatus, Origin, OsFamily, SecureBoot, Visibility } from './values.ts'

/**
 * How plans and diffs treat a field: `identity` identifies the image, `writable` can be set on another image, `reference` refers to something in one cloud,
 * `read-only` is set only by the provider.
 */
export type FieldClass = 'identity' | 'read-only' | 'writable' | 'reference'

/** An entry of the field table. */
export interface FieldEntry {
  readonly codec: t.Mixed
  /** The class at the provider that allows most. The mapping of another provider may declare a `writable` field `read-only`. */
  readonly class: FieldClass
  /** The unit of a number; `null`: none. */
  readonly unit: 'bytes' | null
  /** One sentence, independent of the provider. */
  readonly meaning: string
  /** Further information for the type's comment and the JSON Schema. */
  readonly details: string | null
}

const field = <C extends t.Mixed>(codec: C, fieldClass: FieldClass, meaning: string, details: string | null = null) =>
  ({ codec, class: fieldClass, unit: null, meaning, details }) satisfies FieldEntry

const text = nullable(t.string)
const flag = nullable(t.boolean)
const instant = nullable(Instant)
const texts = t.readonlyArray(t.string)

const bytes = (fieldClass: FieldClass, meaning: string) =>
  ({ ...field(nullable(Count), fieldClass, meaning), unit: 'bytes' }) satisfies FieldEntry

/**
 * Every field of an image by its path, in display order. The type and codec `Image`, the code that builds images, the JSON Schema, the table columns and the
 * field reference are derived from this table: after a change, run `npm run generate`.
 *
 * The other parts of `ref`, and `raw`, are not listed: they are set by the reader, not by a mapping.
 */
export const fields = {
  'ref.id': field(t.string, 'identity', "The provider's identifier, as text even where the provider has a number."),
  name: field(
    text,
    'writable',
    'Name of the image. Not unique at any provider.',
    "null: no name (Hetzner's snapshots and backups).",
  ),
  description: field(text, 'writable', 'Description written by a user.', 'An empty description is kept.'),
  kind: field(
    ImageKind,
    'read-only',
    'What the image is for.',
    "system: the provider's own operating system image. app: the provider's own image with an application. snapshot: created from a server on request. backup: created from a server by a schedule. image: none of these. unknown: not in the record, or a value that imago does not know.",
  ),
  status: field(
    ImageStatus,
    'read-only',
    'State of the image in its lifecycle.',
    'pending: its data is not complete. available: servers can be created from it. unavailable: servers cannot be created from it for now. failed: its creation failed. deleting, deleted: being deleted, or deleted. unknown: not in the record, or a value that imago does not know; `providerStatus` contains it.',
  ),
  providerStatus: field(text, 'read-only', "The provider's own status, unchanged."),
  visibility: field(
    Visibility,
    'writable',
    'Who can see the image.',
    'public: everyone. private: its owner. shared: its owner and the projects it is shared with. community: everyone, but not in default lists. unknown: not in the record, or a value that imago does not know.',
  ),
  hidden: field(flag, 'writable', 'Whether default lists leave it out.', 'Independent of `visibility`.'),
  owner: field(text, 'reference', 'ID of the owning project or account.'),
  protected: field(flag, 'writable', 'Whether it is protected from deletion.'),
  rapidDeploy: field(flag, 'read-only', 'Whether servers are created from it faster than usual.'),
  architecture: field(
    text,
    'writable',
    'Kernel (libosinfo) name of the CPU architecture: x86_64, aarch64, i686, armv7l, ppc64le, s390x, riscv64 …',
    'An open set.',
  ),
  'os.family': field(
    nullable(OsFamily),
    'writable',
    'Family of the operating system.',
    'other: known, but none of the others.',
  ),
  'os.distro': field(text, 'writable', 'os-release ID: ubuntu, almalinux …', 'An open set.'),
  'os.version': field(
    text,
    'writable',
    'os-release VERSION_ID as the vendor prints it: 24.04, 12.',
    'Text, not a number.',
  ),
  'os.defaultUser': field(text, 'writable', 'User that a cloud image creates at first boot.'),
  'boot.firmware': field(nullable(Firmware), 'writable', 'Firmware that it boots with.'),
  'boot.secureBoot': field(nullable(SecureBoot), 'writable', 'Whether it boots under UEFI Secure Boot.'),
  'format.disk': field(text, 'writable', 'Disk format: qcow2, raw, vmdk …', 'An open set.'),
  'format.container': field(text, 'writable', 'Container format: bare, ova …', 'An open set.'),
  'size.stored': bytes('read-only', 'Size of the stored data, in bytes: the size of a download.'),
  'size.virtual': bytes('read-only', 'Size of the disk in the image, in bytes.'),
  'size.minDisk': bytes('writable', 'Minimum disk size of a server, in bytes.'),
  'size.minRam': bytes('writable', 'Minimum memory of a server, in bytes.'),
  digests: field(t.readonlyArray(Digest), 'read-only', 'Digests of the data.'),
  createdAt: field(instant, 'read-only', 'Time of creation.'),
  updatedAt: field(instant, 'read-only', 'Time of the last change of the record.'),
  deletedAt: field(instant, 'read-only', 'Time of deletion.'),
  deprecatedAt: field(instant, 'read-only', 'Time when the provider announced its withdrawal.'),
  unavailableAfter: field(instant, 'writable', 'Time after which no server can be created from it.'),
  origins: field(
    t.readonlyArray(Origin),
    'reference',
    'Servers, images and URLs that it was created from or depends on.',
  ),
  stores: field(texts, 'reference', "The provider's stores that contain the data."),
  labels: field(t.record(t.string, t.string), 'writable', 'Key-value labels.', 'Empty: none.'),
  tags: field(texts, 'writable', 'Tags, sorted by UTF-16 code units.'),
  properties: field(
    t.record(t.string, text),
    'writable',
    "Further properties that users can set, with the provider's own names.",
    'Empty: none.',
  ),
} satisfies Readonly<Record<string, FieldEntry>>

/** Descriptions of the groups of fields with a common first part. */
export const groups: Readonly<Record<string, string>> = {
  os: 'Operating system in the image.',
  boot: 'Boot requirements.',
  format: 'Format of the stored data.',
  size: 'Sizes in bytes.',
}
