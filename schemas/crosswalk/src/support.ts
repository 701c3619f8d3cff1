import { supportData } from './support-data.ts'
import type { SupportData, SystemRelease } from './support-types.ts'

export { supportData }
export type { SupportData, SupportSource, SystemRelease } from './support-types.ts'

/** The longest version that is looked up, in characters. Real ones have a few. */
const LONGEST_VERSION = 100

/** `2012 R2` and `2012-r2` are the same version. */
const normalizeVersion = (version: string): string => version.trim().toLowerCase().replace(/[\s_]/g, '-')

/** `9` is the beginning of `9` and `9.4`, but not of `90` or `9-stream`. */
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
 * Finds the releases that match an image's operating system and version.
 *
 * Versions are compared by their components: `9.4` matches the release `9`, and `24.04.2` the release `24.04`. A version that is less exact than
 * the releases (`15` of openSUSE) matches all of them. Codenames (`noble`) match, too. Unknown systems and versions return an empty list.
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
