import { Count, Instant, nullable } from '@imago/codec'
import * as t from 'io-ts'

/** A closed set of words as a codec. For our own words only: a provider's words are open (`openEnum`). */
const words = <const W extends readonly [string, string, ...string[]]>(name: string, all: W): t.Type<W[number]> => {
  const known: ReadonlySet<string> = new Set(all)
  const is = (u: unknown): u is W[number] => typeof u === 'string' && known.has(u)
  return new t.Type<W[number]>(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity)
}

/** What an image is for. `unknown`: the provider used a word that imago does not know. */
export const ImageKind = words('ImageKind', ['system', 'app', 'snapshot', 'backup', 'image', 'unknown'])
export type ImageKind = t.TypeOf<typeof ImageKind>

/** Where an image is in its life. The provider's own word stands in `providerStatus`. */
export const ImageStatus = words('ImageStatus', ['pending', 'available', 'unavailable', 'failed', 'deleting', 'deleted', 'unknown'])
export type ImageStatus = t.TypeOf<typeof ImageStatus>

/** Who can see an image. */
export const Visibility = words('Visibility', ['public', 'private', 'shared', 'community', 'unknown'])
export type Visibility = t.TypeOf<typeof Visibility>

export const OsFamily = words('OsFamily', ['linux', 'windows', 'bsd', 'macos', 'other'])
export type OsFamily = t.TypeOf<typeof OsFamily>

export const Firmware = words('Firmware', ['bios', 'uefi'])
export type Firmware = t.TypeOf<typeof Firmware>

export const SecureBoot = words('SecureBoot', ['required', 'optional', 'disabled'])
export type SecureBoot = t.TypeOf<typeof SecureBoot>

/** A digest, the bytes it is of, and who says so. `stored`: the file as the provider keeps it; `uncompressed`: the file after decompression. */
export const Digest = t.exact(
  t.type({
    /** As Python's hashlib spells it: `md5`, `sha256`, `sha512` … */
    algorithm: t.string,
    /** Lower-case hex, as the provider printed it. */
    value: t.string,
    of: words('DigestSubject', ['stored', 'uncompressed', 'unknown']),
    assertedBy: words('DigestAsserter', ['provider', 'uploader']),
  }),
  'Digest',
)
export type Digest = Readonly<t.TypeOf<typeof Digest>>

/** Where an image comes from, or what it hangs on. */
export const Origin = t.exact(
  t.type({
    relation: words('OriginRelation', ['created-from', 'bound-to', 'based-on', 'imported-from']),
    kind: words('OriginKind', ['server', 'image', 'url']),
    id: nullable(t.string),
    name: nullable(t.string),
    url: nullable(t.string),
  }),
  'Origin',
)
export type Origin = Readonly<t.TypeOf<typeof Origin>>

/** Which image, exactly. `cloud` is the name its user gave to the cloud; names of images are never identity. */
export const ImageRef = t.exact(t.type({ provider: t.string, cloud: nullable(t.string), region: nullable(t.string), id: t.string }), 'ImageRef')
export type ImageRef = Readonly<t.TypeOf<typeof ImageRef>>

/**
 * A machine image of any cloud. Plain JSON: `null` means "no value"; whether the record does not say or the provider never can,
 * `explain` tells. Never 0, '' or an epoch in its place. Sizes are integer bytes, instants RFC 3339 in UTC.
 */
export interface Image<Raw = unknown> {
  readonly ref: ImageRef
  readonly name: string | null
  readonly description: string | null
  readonly kind: ImageKind
  readonly status: ImageStatus
  /** The provider's own word for the status. */
  readonly providerStatus: string | null
  readonly visibility: Visibility
  /** Left out of default lists. Not the same as `visibility`. */
  readonly hidden: boolean | null
  /** The owning project or account. */
  readonly owner: string | null
  /** Cannot be deleted until this is lifted. */
  readonly protected: boolean | null
  readonly rapidDeploy: boolean | null
  /** Kernel (libosinfo) name: `x86_64`, `aarch64` … An open set. */
  readonly architecture: string | null
  readonly os: {
    readonly family: OsFamily | null
    /** os-release ID: `ubuntu`, `almalinux` … An open set. */
    readonly distro: string | null
    /** os-release VERSION_ID as the vendor prints it: `24.04`, `12`. */
    readonly version: string | null
    /** The user that a cloud image makes at first boot. */
    readonly defaultUser: string | null
  }
  readonly boot: { readonly firmware: Firmware | null; readonly secureBoot: SecureBoot | null }
  readonly format: { readonly disk: string | null; readonly container: string | null }
  /** Bytes. `stored`: what the provider keeps; `virtual`: the disk inside; `minDisk`, `minRam`: what a server needs. */
  readonly size: { readonly stored: number | null; readonly virtual: number | null; readonly minDisk: number | null; readonly minRam: number | null }
  readonly digests: readonly Digest[]
  readonly createdAt: Instant | null
  readonly updatedAt: Instant | null
  readonly deletedAt: Instant | null
  /** When the provider announced that the image goes away. */
  readonly deprecatedAt: Instant | null
  /** After this no new server can be made from it. */
  readonly unavailableAfter: Instant | null
  readonly origins: readonly Origin[]
  /** The provider's stores that hold the data. */
  readonly stores: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Sorted. */
  readonly tags: readonly string[]
  /** What the provider lets users attach freely. */
  readonly properties: Readonly<Record<string, string | null>>
  /** The record as it came. Integers beyond 2^53 in it were rounded when its JSON was parsed. */
  readonly raw: Raw
}

/** `t.unknown` would let a record without `raw` decode. */
const anyJson: t.Type<unknown> = new t.Type('JSON value', (u): u is unknown => u !== undefined, (u, context) => (u === undefined ? t.failure(u, context) : t.success(u)), t.identity)

const text = nullable(t.string)
const flag = nullable(t.boolean)
const bytes = nullable(Count)
const instant = nullable(Instant)

const fields = t.type({
  ref: ImageRef,
  name: text,
  description: text,
  kind: ImageKind,
  status: ImageStatus,
  providerStatus: text,
  visibility: Visibility,
  hidden: flag,
  owner: text,
  protected: flag,
  rapidDeploy: flag,
  architecture: text,
  os: t.exact(t.type({ family: nullable(OsFamily), distro: text, version: text, defaultUser: text }), 'ImageOs'),
  boot: t.exact(t.type({ firmware: nullable(Firmware), secureBoot: nullable(SecureBoot) }), 'ImageBoot'),
  format: t.exact(t.type({ disk: text, container: text }), 'ImageFormat'),
  size: t.exact(t.type({ stored: bytes, virtual: bytes, minDisk: bytes, minRam: bytes }), 'ImageSize'),
  digests: t.readonlyArray(Digest),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant,
  deprecatedAt: instant,
  unavailableAfter: instant,
  origins: t.readonlyArray(Origin),
  stores: t.readonlyArray(t.string),
  labels: t.record(t.string, t.string),
  tags: t.readonlyArray(t.string),
  properties: t.record(t.string, text),
  raw: anyJson,
})

/** The strict codec of an `Image`. JSON Schema `urn:imago:schema:image:1` says the same. */
export const Image: t.Type<Image, Image, unknown> = t.exact(fields, 'Image')
