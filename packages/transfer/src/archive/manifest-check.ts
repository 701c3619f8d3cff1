import { integrityFailed, type ErrorSite, type ImageError } from '@imago/core'
import { createHasher } from '../bytes/digest.ts'
import { quoteName } from './fault.ts'
import type { Listing } from './listing.ts'

const AGAIN = 'Fetch or create the archive again, then create a new plan'

/** The error for a file whose digest differs from the archive's manifest. */
export const digestMismatch = (
  site: ErrorSite,
  file: string,
  algorithm: string,
  expected: string,
  actual: string,
): ImageError =>
  integrityFailed(site, {
    what: `${quoteName(file)} does not have the digest that the archive’s manifest declares`,
    expected: `${algorithm}:${expected}`,
    actual: `${algorithm}:${actual}`,
    hint: AGAIN,
  })

/**
 * Compares an archive's OVF with its manifest, before the disk is compared. `null`: no difference, as far as the archive was read.
 * A malformed entry for the OVF or the disk may be a damaged digest, so it is refused.
 * @param member the disk; `null`: not known yet.
 *
 * Errors: `IntegrityFailed`.
 */
export const checkManifest = (
  { manifest, ovfFile }: Listing,
  member: string | null,
  site: ErrorSite,
): ImageError | null => {
  for (const { file, algorithm, value, kind } of manifest) {
    const isOvf = file === ovfFile?.name
    if (!isOvf && file !== member) continue
    if (kind === 'malformed') {
      return integrityFailed(site, {
        what: `the archive’s manifest cannot be read: what it declares for ${quoteName(file)} is not a digest`,
        expected: `a digest by ${algorithm}, in hex`,
        actual: quoteName(value === '' ? 'nothing' : value),
        hint: AGAIN,
      })
    }
    if (!isOvf || kind !== 'digest') continue
    const actual = createHasher(algorithm).update(ovfFile.bytes).digest('hex')
    if (actual !== value) return digestMismatch(site, file, algorithm, value, actual)
  }
  return null
}

/**
 * A message for the OVF and the disk, if the manifest has digests for it and none was compared.
 * @param compared the algorithms by which the disk was compared.
 */
export const findUncompared = (
  { manifest, ovfFile }: Listing,
  member: string,
  compared: readonly string[],
): readonly string[] =>
  [ovfFile?.name, member].flatMap((name) => {
    const entries = manifest.filter(({ file }) => file === name)
    const isCompared = ({ algorithm, kind }: (typeof entries)[number]): boolean =>
      name === member ? compared.includes(algorithm) : kind === 'digest'
    if (name === undefined || entries.length === 0 || entries.some(isCompared)) return []
    return [
      `the digest of ${quoteName(name)} in the archive’s manifest was not compared: unsupported algorithm ${[...new Set(entries.map(({ algorithm }) => algorithm))].join(', ')}`,
    ]
  })
