import {
  integrityFailed,
  type Digest,
  type DownloadOptions,
  type ErrorSite,
  type Image,
  type ImageError,
} from '@imago/core/provider'
import type { ImageData } from '../api/data.ts'
import { checkableDigest } from '../bytes/hash.ts'

/** Properties that every response must match. */
interface ExpectedData {
  readonly size: number | null
  readonly digest: Digest | null
  /** Hexadecimal. */
  readonly md5: string | null
}

export const toExpectedData = (
  { size, digests }: Image,
  { verifiedByCaller = false }: DownloadOptions,
): ExpectedData => ({
  size: size.stored,
  digest: verifiedByCaller ? null : checkableDigest(digests),
  md5:
    digests
      .find(({ algorithm, assertedBy }) => algorithm === 'md5' && assertedBy === 'provider')
      ?.value.toLowerCase() ?? null,
})

export const differenceError = (site: ErrorSite, what: string, expected: string, actual: string): ImageError =>
  integrityFailed(site, { what, expected, actual })

/** Checks the headers of a response; `null` if they match. `expected`: the number of bytes that it should contain. */
export const checkResponse = (
  { size, md5 }: ExpectedData,
  etag: string | null,
  data: ImageData,
  expected: number | null,
): ImageError | null => {
  const { site, range, length } = data
  const total = range?.total ?? null
  if (size !== null && total !== null && total !== size)
    return differenceError(
      site,
      'the size of the data differs from the size of the image',
      `${size} bytes`,
      `${total} bytes`,
    )
  if (length !== null && expected !== null && length !== expected)
    return differenceError(site, 'the length of the response is wrong', `${expected} bytes`, `${length} bytes`)
  if (data.md5 !== null && md5 !== null && data.md5.toLowerCase() !== md5)
    return differenceError(
      site,
      'the data differ from the data of the image',
      `md5:${md5}`,
      `md5:${data.md5.toLowerCase()}`,
    )
  if (data.etag !== null && etag !== null && data.etag !== etag)
    return differenceError(site, 'the data have changed during the download', etag, data.etag)
  return null
}

/**
 * Whether the bytes may be compressed although the request does not accept that. Bytes of the expected length are as stored, whatever the header is.
 * `expected`: the number of bytes that the response should contain.
 */
export const mayBeCoded = (
  { codings, length, range }: ImageData,
  { size }: ExpectedData,
  expected: number | null,
): boolean => codings.length > 0 && (length === null || length !== expected || (range !== null && range.total !== size))
