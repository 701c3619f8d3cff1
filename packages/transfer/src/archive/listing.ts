import { ArchiveFault, quoteName } from './fault.ts'
import { MAX_MANIFEST_BYTES, parseManifest, type ManifestEntry } from './manifest.ts'
import { MAX_OVF_BYTES, parseOvf, type Ovf } from './ovf.ts'
import { readTarEntries, type TarEntryKind } from './tar.ts'
import type { TarInput } from './tar-input.ts'

/** A file in an archive. */
export interface Member {
  readonly name: string
  readonly kind: TarEntryKind
  /** With its holes, in bytes. */
  readonly size: number
}

/** The content of an archive, as far as it was read. */
export interface Listing {
  /** Its first entries, without directories. */
  readonly members: readonly Member[]
  /** Number of entries of all kinds. */
  readonly count: number
  /** The OVF; `null`: none. */
  readonly ovf: Ovf | null
  /** The bytes of the OVF, even if it is invalid; `null`: none was read. */
  readonly ovfFile: { readonly name: string; readonly bytes: Uint8Array } | null
  /** The entries of the OVF's manifest. */
  readonly manifest: readonly ManifestEntry[]
  /** Why the OVF is invalid; `null`: it is valid, or there is none. */
  readonly ovfProblem: string | null
  /** The archive was read to its end. */
  readonly isWhole: boolean
}

/** Number of members that are kept: more than an archive of a disk has. */
const MAX_MEMBERS = 1000

const gathered = async (content: AsyncGenerator<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Builds a listing, entry by entry. */
export interface ListingBuilder {
  /** Adds an entry. Returns whether it read the content, which is possible only once: that of an OVF or a manifest. */
  readonly add: (entry: Member & { readonly content: () => AsyncGenerator<Uint8Array> }) => Promise<boolean>
  readonly listing: (isWhole: boolean) => Listing
}

export const createListingBuilder = (): ListingBuilder => {
  const members: Member[] = []
  const manifest: ManifestEntry[] = []
  let ovfFile: Listing['ovfFile'] = null
  let [count, ovf, ovfProblem]: [number, Ovf | null, string | null] = [0, null, null]
  return {
    add: async ({ name, kind, size, content }) => {
      count += 1
      if (members.length < MAX_MEMBERS && kind !== 'directory') members.push({ name, kind, size })
      if (kind !== 'file') return false
      if (/\.ovf$/i.test(name)) {
        if (ovf !== null || ovfProblem !== null) {
          ;[ovf, ovfProblem] = [null, 'it has several OVFs']
          return false
        }
        if (size > MAX_OVF_BYTES) {
          ovfProblem = `its OVF has ${size} bytes, and at most ${MAX_OVF_BYTES} are supported`
          return false
        }
        try {
          const bytes = await gathered(content())
          ovfFile = { name, bytes }
          ovf = parseOvf(bytes)
        } catch (thrown) {
          if (!(thrown instanceof ArchiveFault) || thrown.kind === 'truncated') throw thrown
          ovfProblem = thrown.message
        }
        return true
      }
      if (!/\.mf$/i.test(name) || size > MAX_MANIFEST_BYTES) return false
      manifest.push(...parseManifest(await gathered(content())))
      return true
    },
    listing: (isWhole) => ({ members, count, ovf, ovfProblem, ovfFile, manifest, isWhole }),
  }
}

/**
 * Lists an archive.
 * @param until whether to stop early; called after each entry.
 */
export const listTar = async (input: TarInput, until: () => boolean = () => false): Promise<Listing> => {
  const { add, listing } = createListingBuilder()
  for await (const entry of readTarEntries(input)) {
    await add(entry)
    if (until()) return listing(false)
  }
  return listing(true)
}

const COMPRESSED = /\.(?:gz|gzip|xz|zst|zstd|bz2|bzip2)$/i
const DISK = /\.(?:raw|img|qcow2?|qed|vmdk|vdi|vhd|vhdx|iso)$/i

const toBaseName = (name: string): string => name.split('/').at(-1) ?? ''

/** Files that macOS adds for each file of an archive, and files that describe others. */
const isAuxiliary = (name: string): boolean =>
  toBaseName(name).startsWith('._') || /\.(?:ovf|mf|cert|md5|sha1|sha256|sha512|txt|json|xml|nvram)$/i.test(name)

const isDisk = (name: string): boolean => !isAuxiliary(name) && DISK.test(name.replace(COMPRESSED, ''))

const listNames = (members: readonly Member[]): string => {
  const names = members.slice(0, 8).map(({ name }) => quoteName(name))
  return members.length > names.length
    ? `${names.join(', ')} and ${members.length - names.length} more`
    : names.join(', ')
}

/** The files of an archive that can be its disk: by its OVF, or by their names, or the only file. */
export const findDisks = ({ members, ovf }: Listing): readonly string[] => {
  if (ovf !== null) return [...new Set(ovf.disks.map(({ file }) => file))]
  const files = members.filter(({ kind, name }) => kind === 'file' && !isAuxiliary(name))
  const named = files.filter(({ name }) => isDisk(name))
  return (named.length > 0 ? named : files.length === 1 ? files : []).map(({ name }) => name)
}

/**
 * The disk in an archive. Throws `ArchiveFault` for none or several.
 * @param wanted its name, or the last part of it; `null`: the only disk.
 */
export const chooseMember = (listing: Listing, wanted: string | null): Member => {
  const { members, ovf, ovfProblem, isWhole } = listing
  const advice =
    !isWhole || members.some(({ kind }) => kind === 'file') ? null : 'Choose another source: the archive has no files'
  const found = (name: string): Member => {
    const all = members.filter((one) => one.name === name)
    const [first, ...others] = all.length > 0 ? all : members.filter((one) => toBaseName(one.name) === name)
    if (first === undefined)
      throw new ArchiveFault(
        'absent',
        `it has no file ${quoteName(name)}${members.length === 0 ? '' : `; it contains ${listNames(members)}`}`,
        advice,
      )
    if (others.length > 0)
      throw new ArchiveFault(
        'choice',
        all.length > 0
          ? `${all.length} files in it are called ${quoteName(name)}`
          : `several files in it are called ${quoteName(name)} (${listNames([first, ...others])})`,
        all.length > 0 ? 'Extract the disk image and use that' : null,
      )
    if (first.kind !== 'file')
      throw new ArchiveFault(
        'absent',
        `${quoteName(name)} in it is not a file${first.kind === 'link' ? ', but a link' : ''}`,
        advice,
      )
    return first
  }
  if (wanted !== null) return found(wanted.replace(/^(?:\.\/)+/, ''))
  if (ovfProblem !== null) throw new ArchiveFault('choice', `${ovfProblem}; the archive contains ${listNames(members)}`)
  const disks = findDisks(listing)
  const [only, ...others] = disks
  if (only === undefined) {
    const rest = members.length === 0 ? 'it is empty' : `it contains ${listNames(members)}`
    throw new ArchiveFault(
      'absent',
      ovf === null
        ? `it has no disk; ${isWhole ? rest : `${rest}, as far as it was read`}`
        : 'its OVF names no disk file',
      advice,
    )
  }
  if (others.length > 0 && new Set(disks).size === 1) return found(only)
  if (others.length > 0)
    throw new ArchiveFault(
      'choice',
      `it has ${disks.length} disks (${listNames(disks.map((name) => ({ name, kind: 'file', size: 0 })))})`,
    )
  return found(only)
}

/** The digest of a member by the manifest, in the strongest algorithm; `null`: none. */
export const findMemberDigest = (
  { manifest }: Listing,
  { name }: Member,
): Pick<ManifestEntry, 'algorithm' | 'value'> | null => {
  const [strongest] = manifest
    .filter(({ file, kind }) => file === name && kind === 'digest')
    .toSorted((one, other) => other.value.length - one.value.length)
  return strongest === undefined ? null : { algorithm: strongest.algorithm, value: strongest.value }
}
