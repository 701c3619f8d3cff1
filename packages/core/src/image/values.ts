import { nullable } from '@imago/codec'
import * as t from 'io-ts'

/** The codec of a fixed set of values. Only for imago's own values: those of providers are open (`openEnum`). */
export class WordsType<W extends string> extends t.Type<W> {
  readonly _tag = 'WordsType' as const
  readonly words: readonly W[]

  constructor(name: string, words: readonly W[]) {
    const known: ReadonlySet<string> = new Set(words)
    const is = (u: unknown): u is W => typeof u === 'string' && known.has(u)
    super(name, is, (u, context) => (is(u) ? t.success(u) : t.failure(u, context)), t.identity)
    this.words = words
  }
}

const words = <const W extends readonly [string, string, ...string[]]>(name: string, all: W): t.Type<W[number]> =>
  new WordsType<W[number]>(name, all)

/** What an image is for. `unknown`: not in the record, or a value that imago does not know. */
export const ImageKind = words('ImageKind', ['system', 'app', 'snapshot', 'backup', 'image', 'unknown'])
export type ImageKind = t.TypeOf<typeof ImageKind>

/** The state of an image in its lifecycle. `providerStatus` has the provider's own value. */
export const ImageStatus = words('ImageStatus', [
  'pending',
  'available',
  'unavailable',
  'failed',
  'deleting',
  'deleted',
  'unknown',
])
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

/** A digest, its subject and its source. `stored`: the file as the provider stores it; `uncompressed`: the file after decompression. */
export const Digest = t.exact(
  t.type({
    /** The name in Python's hashlib: `md5`, `sha256`, `sha512` … */
    algorithm: t.string,
    /** Lower-case hex, as the provider returns it. */
    value: t.string,
    of: words('DigestSubject', ['stored', 'uncompressed', 'unknown']),
    assertedBy: words('DigestAsserter', ['provider', 'uploader']),
  }),
  'Digest',
)
export type Digest = Readonly<t.TypeOf<typeof Digest>>

/** Something that an image was created from or depends on. */
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

/** Identifies an image. `cloud` is the user's name for the cloud. Names of images are not unique, so they are not part of it. */
export const ImageRef = t.exact(
  t.type({ provider: t.string, cloud: nullable(t.string), region: nullable(t.string), id: t.string }),
  'ImageRef',
)
export type ImageRef = Readonly<t.TypeOf<typeof ImageRef>>
