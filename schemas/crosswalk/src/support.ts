import { supportData } from './support-data.ts'
import type { SupportData, SystemRelease } from './support-types.ts'

export { supportData }
export type { SupportData, SupportSource, SystemRelease } from './support-types.ts'

/** The longest version that is looked up: real ones have a few characters. */
const LONGEST_VERSION = 100

/** `2012 R2` and `2012-r2` are the same version. */
const normalizeVersion = (version: string): string => version.trim().toLowerCase().replace(/[\s_]/g, '-')

/** `9` begins `9` and `9.4`, but neither `90` nor `9-stream`. */
const beginsWith = (version: string, start: string): boolean => version === start || version.startsWith(`${start}.`)

/** `noble` is the codename of `Noble Numbat`. */
const hasCodename = ({ codename }: SystemRelease, word: string): boolean => {
  if (codename === null) return false
  const name = normalizeVersion(codename)
  return name === word || name.startsWith(`${word}-`)
}

const byVersion = (releases: readonly SystemRelease[], version: string): readonly SystemRelease[] => {
  const containing = releases.filter((release) => beginsWith(version, normalizeVersion(release.version)))
  const longest = Math.max(...containing.map((release) => release.version.length))
  if (containing.length > 0) return containing.filter((release) => release.version.length === longest)
  return releases.filter((release) => beginsWith(normalizeVersion(release.version), version))
}

/**
 * Finds the releases that an image's operating system and version can be.
 *
 * A version is compared by its components: `9.4` is the release `9`, and so is `24.04.2` the release `24.04`. A version that is less exact than
 * releases (`15` of openSUSE) gives all of them. A codename (`noble`) is accepted too. Unknown systems and versions give an empty list.
 */
export const findReleases = (
  system: string,
  version: string,
  { releases }: SupportData = supportData,
): readonly SystemRelease[] => {
  if (version.length > LONGEST_VERSION) return []
  const wanted = normalizeVersion(version)
  if (wanted === '') return []
  const own = releases.filter((release) => release.system === system)
  const found = byVersion(own, wanted)
  return found.length > 0 ? found : own.filter((release) => hasCodename(release, wanted))
}
