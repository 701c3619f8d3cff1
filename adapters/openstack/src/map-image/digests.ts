import type { Digest, InvalidField } from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'

type Provided = Pick<GlanceImage, 'os_hash_algo' | 'os_hash_value' | 'checksum' | '__image_size'>
type Uploaded = Pick<
  GlanceImage,
  | 'owner_specified.openstack.sha256'
  | 'owner_specified.openstack.md5'
  | 'owner_specified.shade.sha256'
  | 'owner_specified.shade.md5'
>

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== ''

const firstText = (one: string | null | undefined, other: string | null | undefined): string | null | undefined =>
  isText(one) ? one : other

const byProvider = (algorithm: string, value: string): Digest => ({
  algorithm,
  value,
  of: 'stored',
  assertedBy: 'provider',
})
const byUploader = (algorithm: string, value: string): Digest => ({
  algorithm,
  value,
  of: 'unknown',
  assertedBy: 'uploader',
})

/** `slice` trims the array's capacity, which `filter` over-allocates. */
const present = (digests: readonly (Digest | null)[]): readonly Digest[] =>
  digests.filter((digest) => digest !== null).slice()

const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'

/** Huawei-based clouds send the MD5 of empty input for every image, and its size as a property. */
const readChecksum = ({ checksum, __image_size }: Provided): string | null | undefined =>
  checksum === MD5_OF_NOTHING && isText(__image_size) && __image_size !== '0' ? undefined : checksum

/**
 * Digests that Glance computed of the stored bytes, strongest first; then those that a client computed before the upload.
 * Glance or an import plugin may have converted the client's file, so those cover unknown bytes. Clients write '' if they computed none.
 */
export const toDigests = (wire: Provided & Uploaded): readonly Digest[] | null | undefined => {
  const { os_hash_algo, os_hash_value } = wire
  const checksum = readChecksum(wire)
  const hash = isText(os_hash_algo) && isText(os_hash_value) ? byProvider(os_hash_algo, os_hash_value) : null
  const md5 = isText(checksum) ? byProvider('md5', checksum) : null
  const sha256BeforeUpload = firstText(wire['owner_specified.openstack.sha256'], wire['owner_specified.shade.sha256'])
  const md5BeforeUpload = firstText(wire['owner_specified.openstack.md5'], wire['owner_specified.shade.md5'])
  if (isText(sha256BeforeUpload) || isText(md5BeforeUpload)) {
    return present([
      hash,
      md5,
      isText(sha256BeforeUpload) ? byUploader('sha256', sha256BeforeUpload) : null,
      isText(md5BeforeUpload) ? byUploader('md5', md5BeforeUpload) : null,
    ])
  }
  if (hash !== null && md5 !== null) return [hash, md5]
  const only = hash ?? md5
  if (only !== null) return [only]
  return checksum === undefined && os_hash_value === undefined ? undefined : null
}

/** Number of hexadecimal digits, by hashlib's algorithm name. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['ripemd160', 40],
  ['sha224', 56],
  ['sha512_224', 56],
  ['sha3_224', 56],
  ['sha256', 64],
  ['sha512_256', 64],
  ['sha3_256', 64],
  ['blake2s', 64],
  ['sm3', 64],
  ['sha384', 96],
  ['sha3_384', 96],
  ['sha512', 128],
  ['sha3_512', 128],
  ['blake2b', 128],
])

/** By code unit: 1 for hexadecimal digits. A digest has up to 128 digits, and a pattern takes twice as long for them. */
const IS_HEXADECIMAL = new Uint8Array(128)
for (const digit of '0123456789abcdefABCDEF') IS_HEXADECIMAL[digit.charCodeAt(0)] = 1

const isHexadecimal = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) if (IS_HEXADECIMAL[text.charCodeAt(index)] !== 1) return false
  return true
}

const ALGORITHM = /^[a-z][a-z\d_-]{1,30}$/
const isAlgorithm = (text: string): boolean => DIGITS.has(text) || ALGORITHM.test(text)

const isDigest = (algorithm: string, value: string): boolean => {
  const digits = DIGITS.get(algorithm)
  return (
    (digits === undefined
      ? value.length % 2 === 0 && value.length >= 16 && value.length <= 1024
      : value.length === digits) && isHexadecimal(value)
  )
}

const UPLOADED: readonly (readonly [
  (
    | 'owner_specified.openstack.sha256'
    | 'owner_specified.openstack.md5'
    | 'owner_specified.shade.sha256'
    | 'owner_specified.shade.md5'
  ),
  string,
])[] = [
  ['owner_specified.openstack.sha256', 'sha256'],
  ['owner_specified.openstack.md5', 'md5'],
  ['owner_specified.shade.sha256', 'sha256'],
  ['owner_specified.shade.md5', 'md5'],
]

/** Few images have these, and reading a key whose name is variable takes longer. */
const isUploaded = (wire: Uploaded): boolean =>
  wire['owner_specified.openstack.sha256'] !== undefined ||
  wire['owner_specified.openstack.md5'] !== undefined ||
  wire['owner_specified.shade.sha256'] !== undefined ||
  wire['owner_specified.shade.md5'] !== undefined

const expected = (algorithm: string): string => `${DIGITS.get(algorithm) ?? 'some'} hexadecimal digits`

const NONE: readonly InvalidField[] = Object.freeze([])

/** Reports values that cannot be a digest or an algorithm: Python's `None`, or a truncated digest. */
export const digestMisfits = (wire: Provided & Uploaded): readonly InvalidField[] => {
  const { checksum, os_hash_algo, os_hash_value } = wire
  let found: InvalidField[] | null = null
  if (isText(checksum) && !isDigest('md5', checksum))
    (found ??= []).push({ key: 'checksum', expected: expected('md5') })
  const hasAlgorithm = isText(os_hash_algo) && isAlgorithm(os_hash_algo)
  if (isText(os_hash_algo) && !hasAlgorithm)
    (found ??= []).push({ key: 'os_hash_algo', expected: 'the name of an algorithm' })
  const algorithm = hasAlgorithm ? os_hash_algo : ''
  if (isText(os_hash_value) && !isDigest(algorithm, os_hash_value))
    (found ??= []).push({ key: 'os_hash_value', expected: expected(algorithm) })
  if (isUploaded(wire))
    for (const [key, name] of UPLOADED) {
      const value = wire[key]
      if (isText(value) && !isDigest(name, value)) (found ??= []).push({ key, expected: expected(name) })
    }
  return found ?? NONE
}
