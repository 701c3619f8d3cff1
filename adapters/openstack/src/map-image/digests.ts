import type { Digest } from '@imago/core'
import type { GlanceImage } from '@imago/schema-openstack/image'

type Provided = Pick<GlanceImage, 'os_hash_algo' | 'os_hash_value' | 'checksum'>
type Uploaded = Pick<
  GlanceImage,
  'owner_specified.openstack.sha256' | 'owner_specified.openstack.md5' | 'owner_specified.shade.sha256' | 'owner_specified.shade.md5'
>

const isText = (text: string | null | undefined): text is string => typeof text === 'string' && text !== ''

const firstText = (one: string | null | undefined, other: string | null | undefined): string | null | undefined => (isText(one) ? one : other)

const byProvider = (algorithm: string, value: string): Digest => ({ algorithm, value, of: 'stored', assertedBy: 'provider' })
const byUploader = (algorithm: string, value: string): Digest => ({ algorithm, value, of: 'unknown', assertedBy: 'uploader' })

/** Exactly as long as it need be: an array that grows by `push` keeps room for many more. */
const present = (digests: readonly (Digest | null)[]): readonly Digest[] => digests.filter((digest) => digest !== null).slice()

/**
 * What Glance computed of the bytes it keeps, strongest first; then what a client computed before it sent them (of a file that Glance or
 * an import plugin may have converted since, so of bytes unknown). A client that computed nothing writes ''.
 */
export const toDigests = (wire: Provided & Uploaded): readonly Digest[] | null | undefined => {
  const { os_hash_algo, os_hash_value, checksum } = wire
  const hash = isText(os_hash_algo) && isText(os_hash_value) ? byProvider(os_hash_algo, os_hash_value) : null
  const md5 = isText(checksum) ? byProvider('md5', checksum) : null
  const sha256BeforeUpload = firstText(wire['owner_specified.openstack.sha256'], wire['owner_specified.shade.sha256'])
  const md5BeforeUpload = firstText(wire['owner_specified.openstack.md5'], wire['owner_specified.shade.md5'])
  if (isText(sha256BeforeUpload) || isText(md5BeforeUpload)) {
    return present([hash, md5, isText(sha256BeforeUpload) ? byUploader('sha256', sha256BeforeUpload) : null, isText(md5BeforeUpload) ? byUploader('md5', md5BeforeUpload) : null])
  }
  if (hash !== null && md5 !== null) return [hash, md5]
  const only = hash ?? md5
  if (only !== null) return [only]
  return checksum === undefined && os_hash_value === undefined ? undefined : null
}
