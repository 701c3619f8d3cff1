import { integrityFailed, type ErrorSite, type ImageError } from '@imago/core'
import { createHasher } from '../bytes/digest.ts'
import { quoteName } from './fault.ts'
import type { Listing } from './listing.ts'

const AGAIN = 'Fetch or make the archive again, then make a new plan'

/** The error of a file in an archive whose bytes have another digest than the manifest declares. */
export const digestMismatch = (site: ErrorSite, file: string, algorithm: string, expected: string, actual: string): ImageError =>
  integrityFailed(site, { what: `${quoteName(file)} does not have the digest that the archive’s manifest declares`, expected: `${algorithm}:${expected}`, actual: `${algorithm}:${actual}`, hint: AGAIN })

/**
 * What an archive's manifest says against the archive, before the bytes of its disk are compared; `null`: nothing, as far as the archive was read.
 * An entry for the OVF or the disk that is no digest may be what is left of one, so it is refused. `member`: the disk; `null`: it is not known yet.
 *
 * Errors: `IntegrityFailed`.
 */
export const checkManifest = ({ manifest, ovfFile }: Listing, member: string | null, site: ErrorSite): ImageError | null => {
  for (const { file, algorithm, value, kind } of manifest) {
    const isOvf = file === ovfFile?.name
    if (!isOvf && file !== member) continue
    if (kind === 'malformed') {
      return integrityFailed(site, { what: `the archive’s manifest cannot be read: what it declares for ${quoteName(file)} is not a digest`, expected: `a digest by ${algorithm}, in hex`, actual: quoteName(value === '' ? 'nothing' : value), hint: AGAIN })
    }
    if (!isOvf || kind !== 'digest') continue
    const actual = createHasher(algorithm).update(ovfFile.bytes).digest('hex')
    if (actual !== value) return digestMismatch(site, file, algorithm, value, actual)
  }
  return null
}

/** Files, the OVF or the disk, whose digests in the manifest were not compared with anything. `compared`: algorithms by which the disk was. */
export const findUncompared = ({ manifest, ovfFile }: Listing, member: string, compared: readonly string[]): readonly string[] =>
  [ovfFile?.name, member].flatMap((name) => {
    const entries = manifest.filter(({ file }) => file === name)
    const isCompared = ({ algorithm, kind }: (typeof entries)[number]): boolean => (name === member ? compared.includes(algorithm) : kind === 'digest')
    if (name === undefined || entries.length === 0 || entries.some(isCompared)) return []
    return [`the digest of ${quoteName(name)} in the archive’s manifest was not compared: it is by ${[...new Set(entries.map(({ algorithm }) => algorithm))].join(', ')}`]
  })
