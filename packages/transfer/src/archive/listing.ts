import { ArchiveFault, quoteName } from './fault.ts'
import { MOST_MANIFEST_BYTES, parseManifest, type ManifestEntry } from './manifest.ts'
import { MOST_OVF_BYTES, parseOvf, type Ovf } from './ovf.ts'
import { readTarEntries, type TarEntryKind } from './tar.ts'
import type { TarInput } from './tar-input.ts'

/** A file in an archive. */
export interface Member {
  readonly name: string
  readonly kind: TarEntryKind
  /** In bytes, with its holes. */
  readonly size: number
}

/** What an archive holds, as far as it was read. */
export interface Listing {
  /** Those of its first entries that may be asked for. */
  readonly members: readonly Member[]
  /** Of all kinds. */
  readonly count: number
  /** `null`: there is none. */
  readonly ovf: Ovf | null
  /** The OVF's own bytes, whether it could be read or not; `null`: there is none, or none that was looked at. */
  readonly ovfFile: { readonly name: string; readonly bytes: Uint8Array } | null
  /** The entries of the OVF's manifest. */
  readonly manifest: readonly ManifestEntry[]
  /** Why the OVF could not be read; `null`: it could, or there is none. */
  readonly ovfProblem: string | null
  /** Whether the archive was read to its end. */
  readonly isWhole: boolean
}

/** Names that are kept: what an archive of a disk has, and enough to tell what another holds. */
const MOST_KEPT = 1000

const gathered = async (content: AsyncGenerator<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Gathers what the entries say, one at a time. */
export interface ListingBuilder {
  /** Whether the content was read, as that of a description is: it can be read once. */
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
      if (members.length < MOST_KEPT && kind !== 'directory') members.push({ name, kind, size })
      if (kind !== 'file') return false
      if (/\.ovf$/i.test(name)) {
        if (ovf !== null || ovfProblem !== null) {
          ;[ovf, ovfProblem] = [null, 'there are several OVFs in it']
          return false
        }
        if (size > MOST_OVF_BYTES) {
          ovfProblem = `its OVF has ${size} bytes`
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
      if (!/\.mf$/i.test(name) || size > MOST_MANIFEST_BYTES) return false
      manifest.push(...parseManifest(await gathered(content())))
      return true
    },
    listing: (isWhole) => ({ members, count, ovf, ovfProblem, ovfFile, manifest, isWhole }),
  }
}

/** What is in an archive. `until`: whether to stop early, asked before each entry. */
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

const baseOf = (name: string): string => name.split('/').at(-1) ?? ''

/** What macOS adds to each file of an archive, and what describes the others. */
const isAside = (name: string): boolean => baseOf(name).startsWith('._') || /\.(?:ovf|mf|cert|md5|sha1|sha256|sha512|txt|json|xml|nvram)$/i.test(name)

const isDisk = (name: string): boolean => !isAside(name) && DISK.test(name.replace(COMPRESSED, ''))

const namesOf = (members: readonly Member[]): string => {
  const names = members.slice(0, 8).map(({ name }) => quoteName(name))
  return members.length > names.length ? `${names.join(', ')} and ${members.length - names.length} more` : names.join(', ')
}

/** Those files of an archive that can be its disk: by its OVF, else by their names, else the only file there is. */
export const disksIn = ({ members, ovf }: Listing): readonly string[] => {
  if (ovf !== null) return [...new Set(ovf.disks.map(({ file }) => file))]
  const files = members.filter(({ kind, name }) => kind === 'file' && !isAside(name))
  const named = files.filter(({ name }) => isDisk(name))
  return (named.length > 0 ? named : files.length === 1 ? files : []).map(({ name }) => name)
}

/** The member that was asked for, by its whole name or the last part of it; the only disk, where none was. Throws `ArchiveFault`. */
export const chooseMember = (listing: Listing, wanted: string | null): Member => {
  const { members, ovf, ovfProblem, isWhole } = listing
  const advice = !isWhole || members.some(({ kind }) => kind === 'file') ? null : 'Choose another source: no file is in it'
  const found = (name: string): Member => {
    const all = members.filter((one) => one.name === name)
    const [first, ...others] = all.length > 0 ? all : members.filter((one) => baseOf(one.name) === name)
    if (first === undefined) throw new ArchiveFault('absent', `there is no ${quoteName(name)} in it${members.length === 0 ? '' : `: it holds ${namesOf(members)}`}`, advice)
    if (others.length > 0) throw new ArchiveFault('choice', all.length > 0 ? `${all.length} files in it are called ${quoteName(name)}` : `several files in it are called ${quoteName(name)}: ${namesOf([first, ...others])}`, all.length > 0 ? 'Unpack the archive, and give the disk itself' : null)
    if (first.kind !== 'file') throw new ArchiveFault('absent', `${quoteName(name)} in it is no file, but ${first.kind === 'link' ? 'a link' : 'something else'}`, advice)
    return first
  }
  if (wanted !== null) return found(wanted.replace(/^(?:\.\/)+/, ''))
  if (ovfProblem !== null) throw new ArchiveFault('choice', ovfProblem)
  const disks = disksIn(listing)
  const [only, ...others] = disks
  if (only === undefined) {
    const rest = members.length === 0 ? 'it is empty' : `it holds ${namesOf(members)}`
    throw new ArchiveFault('absent', ovf === null ? `there is no disk in it: ${isWhole ? rest : `${rest}, as far as it was read`}` : 'its OVF names no file of a disk', advice)
  }
  if (others.length > 0 && new Set(disks).size === 1) return found(only)
  if (others.length > 0) throw new ArchiveFault('choice', `there are ${disks.length} disks in it: ${namesOf(disks.map((name) => ({ name, kind: 'file', size: 0 })))}`)
  return found(only)
}

/** What the manifest says of a member, by the strongest of its algorithms; `null`: nothing. */
export const findMemberDigest = ({ manifest }: Listing, { name }: Member): Pick<ManifestEntry, 'algorithm' | 'value'> | null => {
  const [strongest] = manifest.filter(({ file, kind }) => file === name && kind === 'digest').toSorted((one, other) => other.value.length - one.value.length)
  return strongest === undefined ? null : { algorithm: strongest.algorithm, value: strongest.value }
}
