import { Count, Instant, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { Digest, Firmware, ImageKind, ImageStatus, Origin, OsFamily, SecureBoot, Visibility } from './values.ts'

/**
 * What plans and diffs may do with a field: `identity` names the image, `writable` can be set on another, `reference` points into one cloud,
 * `read-only` is set by the provider alone.
 */
export type FieldClass = 'identity' | 'read-only' | 'writable' | 'reference'

/** A field as the table states it. */
export interface FieldEntry {
  readonly codec: t.Mixed
  /** The most that any provider allows. A provider may have a `writable` field that is `read-only` there: its mapping states that. */
  readonly class: FieldClass
  /** Of a number; `null`: it has none, or is no number. */
  readonly unit: 'bytes' | null
  /** In a sentence, whatever the provider. */
  readonly meaning: string
  /** What else its readers should know: for the type's comment and the JSON Schema. */
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
 * Every field of an image, once, by its path, in the order in which everything prints them. From this table derive the type and the codec `Image`,
 * the code that builds images, the JSON Schema, the table columns and the field reference: after a change, run `npm run generate`.
 *
 * `ref` has other parts, and an image has `raw`: those come from the reader, not from a mapping.
 */
export const fields = {
  'ref.id': field(t.string, 'identity', "The provider's identifier, as text even where the provider has a number."),
  name: field(
    text,
    'writable',
    'Not unique at any provider, and never identity.',
    "null: it has none (Hetzner's snapshots and backups).",
  ),
  description: field(text, 'writable', 'What a person wrote about it.', 'An empty one was said, and is kept.'),
  kind: field(
    ImageKind,
    'read-only',
    'What the image is for.',
    "system: the provider's own operating system image. app: the provider's own image with an application. snapshot: made from a server, on request. backup: made from a server, by schedule. image: none of these. unknown: not said, or in a word that imago does not know.",
  ),
  status: field(
    ImageStatus,
    'read-only',
    'Where the image is in its life.',
    'pending: its data is still to come. available: servers can be made from it. unavailable: they cannot, for now. failed: it never came to be. deleting, deleted: on its way out, or gone. unknown: not said, or in a word that imago does not know; the word itself stands in `providerStatus`.',
  ),
  providerStatus: field(text, 'read-only', "The provider's own word for the status, as it came."),
  visibility: field(
    Visibility,
    'writable',
    'Who can see the image.',
    'public: everybody. private: its owner. shared: its owner and the members it was shared with. community: everybody, but not in default lists. unknown: not said, or in a word that imago does not know.',
  ),
  hidden: field(flag, 'writable', 'Left out of default lists.', 'Not the same as `visibility`.'),
  owner: field(text, 'reference', 'Identifier of the owning project or account.'),
  protected: field(flag, 'writable', 'Cannot be deleted until this is lifted.'),
  rapidDeploy: field(flag, 'read-only', 'Servers start from it faster than usual.'),
  architecture: field(
    text,
    'writable',
    'Kernel (libosinfo) name of the CPU architecture: x86_64, aarch64, i686, armv7l, ppc64le, s390x, riscv64 …',
    'An open set.',
  ),
  'os.family': field(
    nullable(OsFamily),
    'writable',
    'The family of the operating system.',
    'other: a known one that is none of the rest.',
  ),
  'os.distro': field(text, 'writable', 'os-release ID: ubuntu, almalinux …', 'An open set.'),
  'os.version': field(
    text,
    'writable',
    'os-release VERSION_ID as the vendor prints it: 24.04, 12.',
    'Text, not a number.',
  ),
  'os.defaultUser': field(text, 'writable', 'The user that a cloud image makes at first boot.'),
  'boot.firmware': field(nullable(Firmware), 'writable', 'The firmware it boots from.'),
  'boot.secureBoot': field(nullable(SecureBoot), 'writable', 'Whether it boots under UEFI Secure Boot.'),
  'format.disk': field(text, 'writable', 'Disk format: qcow2, raw, vmdk …', 'An open set.'),
  'format.container': field(text, 'writable', 'Container format: bare, ova …', 'An open set.'),
  'size.stored': bytes('read-only', 'What the provider keeps, in bytes: the size of a download.'),
  'size.virtual': bytes('read-only', 'The disk inside the image, in bytes.'),
  'size.minDisk': bytes('writable', 'The least disk that a server needs, in bytes.'),
  'size.minRam': bytes('writable', 'The least memory that a server needs, in bytes.'),
  digests: field(t.readonlyArray(Digest), 'read-only', 'Digests of its data.'),
  createdAt: field(instant, 'read-only', 'When the record was made.'),
  updatedAt: field(instant, 'read-only', 'When the record was last changed.'),
  deletedAt: field(instant, 'read-only', 'When it was deleted.'),
  deprecatedAt: field(instant, 'read-only', 'When the provider announced that it goes away.'),
  unavailableAfter: field(instant, 'writable', 'After this no new server can be made from it.'),
  origins: field(t.readonlyArray(Origin), 'reference', 'Servers, images and URLs that it comes from or hangs on.'),
  stores: field(texts, 'reference', "The provider's stores that hold the data."),
  labels: field(t.record(t.string, t.string), 'writable', 'Key-value labels.', 'Empty where there are none.'),
  tags: field(texts, 'writable', 'Tags, sorted by their UTF-16 code units.'),
  properties: field(
    t.record(t.string, text),
    'writable',
    "What the provider lets users attach freely, under the provider's own names.",
    'Empty where there is none.',
  ),
} satisfies Readonly<Record<string, FieldEntry>>

/** What the fields with a common first part are about. */
export const groups: Readonly<Record<string, string>> = {
  os: 'The operating system inside.',
  boot: 'How it boots.',
  format: 'The format of the stored file.',
  size: 'Sizes in bytes.',
}
