import type { Digest } from '@imago/core'
import type { InspectedFormat } from '@imago/inspect'
import { isKnownDigest } from '../bytes/digest.ts'
import { maskUrl } from '../bytes/mask-url.ts'
import type { SourceFacts } from '../facts/source-facts.ts'
import type { Compression, PlanArchive, PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from './transfer-input.ts'

/** Formats without structures of their own: the bytes are the disk. */
const BARE: ReadonlySet<string> = new Set(['raw', 'iso', 'ami', 'aki', 'ari', 'gpt', 'luks'])

/** The disk format that Glance uses for a detected format: it has none for partitioned and LUKS disks, which are raw. */
const toGlanceFormat = (found: string | null): string | null => (found === 'gpt' || found === 'luks' ? 'raw' : found)

/** Container formats of Glance that contain more than the disk. With all others (`bare`, `ovf`, `ami`), the bytes are the disk. */
const CONTAINERS: ReadonlySet<string> = new Set(['ova', 'docker', 'compressed'])

const findContainer = (source: TransferSource): string | null => {
  const container = source.kind === 'image' ? source.image.format.container : null
  return container !== null && CONTAINERS.has(container) ? container : null
}

/** Formats that `qemu-img` reads and writes. */
const CONVERTIBLE_FORMATS: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vmdk', 'vdi', 'vhd', 'vhdx'])

export const isConvertible = (from: string, to: string): boolean =>
  CONVERTIBLE_FORMATS.has(from) && CONVERTIBLE_FORMATS.has(to)

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  gz: 'gzip',
  gzip: 'gzip',
  xz: 'xz',
  zst: 'zstd',
  zstd: 'zstd',
  bz2: 'bzip2',
  bzip2: 'bzip2',
}
const FORMATS: Readonly<Record<string, string>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  vmdk: 'vmdk',
  vdi: 'vdi',
  vhd: 'vhd',
  vhdx: 'vhdx',
  iso: 'iso',
}

/** Suffixes of compressed tar archives. */
const TARBALLS: Readonly<Record<string, Compression>> = {
  tgz: 'gzip',
  txz: 'xz',
  tzst: 'zstd',
  tbz: 'bzip2',
  tbz2: 'bzip2',
}
const ARCHIVES: ReadonlySet<string> = new Set(['tar', 'ova'])

/** The format of a source by its name or its image record. */
interface DeclaredFormat {
  readonly format: string | null
  readonly compression: Compression | null
  readonly isArchive: boolean
}

/** Parses the suffixes of a file name. `.img` is ambiguous: it is used for raw and for qcow2. */
const parseSuffixes = (path: string): DeclaredFormat => {
  const parts = (path.split(/[/\\]/).at(-1) ?? '').toLowerCase().split('.').slice(1)
  const last = parts.pop() ?? ''
  if (Object.hasOwn(TARBALLS, last))
    return { format: FORMATS[parts.at(-1) ?? ''] ?? null, compression: TARBALLS[last] ?? null, isArchive: true }
  const compression = COMPRESSIONS[last] ?? null
  const end = compression === null ? last : (parts.pop() ?? '')
  const isArchive = ARCHIVES.has(end)
  return { format: FORMATS[isArchive ? (parts.at(-1) ?? '') : end] ?? null, compression, isArchive }
}

/** A provider that creates images from raw disks also returns raw disks; its images have no disk format. */
export const returnsRawDisks = (source: TransferSource): boolean =>
  source.kind === 'image' &&
  source.capabilities.operations.includes('createFromBytes') &&
  source.image.format.disk === null

/** Whether a digest can be compared with the bytes that are downloaded. */
export const isComparable =
  (source: TransferSource) =>
  ({ of, algorithm }: Digest): boolean =>
    of === 'stored' && isKnownDigest(algorithm) && !returnsRawDisks(source)

/** Whether the provider declares such a digest. */
export const hasComparableDigest = (source: TransferSource): boolean =>
  source.kind === 'image' && source.image.digests.some(isComparable(source))

/** How a target accepts bytes; `null`: it does not. */
export const selectUploadMethod = (target: TransferTarget): 'upload' | 'createFromBytes' | null => {
  if (target.kind === 'file') return null
  const { operations } = target.capabilities
  if (operations.includes('create') && operations.includes('upload')) return 'upload'
  return operations.includes('createFromBytes') ? 'createFromBytes' : null
}

const readDeclaredFormat = (source: TransferSource): DeclaredFormat => {
  if (source.kind === 'file') return parseSuffixes(source.path)
  if (source.kind === 'url') return parseSuffixes(maskUrl(source.url).replace(/\?…$/, ''))
  return {
    format: source.image.format.disk ?? (returnsRawDisks(source) ? 'raw' : null),
    compression: null,
    isArchive: source.image.format.container === 'ova',
  }
}

/** Number of bytes to read from the source; `null`: unknown. */
export const readSourceSize = (source: TransferSource): number | null => {
  if (source.kind !== 'image') return source.size
  return returnsRawDisks(source) ? source.image.size.virtual : source.image.size.stored
}

/** Facts from inspecting the source; `null`: it was not inspected. */
export const readSourceFacts = (source: TransferSource): SourceFacts | null =>
  source.kind === 'image' ? null : (source.facts ?? null)

/** Names of detected formats at clouds. */
const NAMES: Readonly<Partial<Record<InspectedFormat, string>>> = { gpt: 'raw' }

/** Whether the detected format `found` fits the declared format `name`: a raw disk may have partitions, or be an ISO. */
export const matchesFormat = (name: string, found: InspectedFormat): boolean =>
  name === found || (BARE.has(name) && (found === 'raw' || found === 'gpt' || (name === 'raw' && found === 'iso')))

/** The detected disk format, by its declared name if that fits. A fixed VHD has its signature at its end, which is not read in archives. */
const resolveFormat = (declared: string | null, facts: SourceFacts | null): string | null => {
  const found = facts?.format ?? null
  if (found === null) return declared
  const isPartlyRead = facts?.archive !== null || facts.compression !== null
  if (
    declared !== null &&
    (matchesFormat(declared, found) || (declared === 'vhd' && isPartlyRead && (found === 'raw' || found === 'gpt')))
  )
    return declared
  return NAMES[found] ?? found
}

/** Whether the run decompresses or extracts the source. */
export const isPacked = ({ compression, archive }: Pick<PlanFormat, 'compression' | 'archive'>): boolean =>
  compression !== null || archive !== undefined

const planArchive = (facts: SourceFacts | null, { member }: TransferOverrides): PlanArchive => {
  const inside = facts?.archive ?? null
  return {
    kind: 'tar',
    member: inside?.member ?? member ?? null,
    isNamed: member !== undefined,
    digest: inside?.digest ?? null,
    machine: inside?.machine ?? null,
  }
}

/** Plans what happens to the bytes between source and target. */
export const planFormat = (
  source: TransferSource,
  target: TransferTarget,
  overrides: TransferOverrides,
): PlanFormat => {
  const { sourceFormat, compression: declaredCompression, diskFormat } = overrides
  const facts = readSourceFacts(source)
  const declared = readDeclaredFormat(source)
  const member = facts?.archive?.member ?? overrides.member
  const from =
    sourceFormat ??
    resolveFormat(
      member === undefined || member === null ? declared.format : (parseSuffixes(member).format ?? declared.format),
      facts,
    )
  const compression =
    declaredCompression === 'none'
      ? null
      : (declaredCompression ?? (facts === null || facts.refusal !== null ? declared.compression : facts.compression))
  const isDisk = selectUploadMethod(target) === 'createFromBytes'
  const to = isDisk ? 'raw' : (diskFormat ?? (source.kind === 'image' ? from : toGlanceFormat(from)))
  const convert = from !== null && to !== null && from !== to && !(BARE.has(from) && BARE.has(to))
  const isRequested = overrides.archive === 'tar' || overrides.member !== undefined
  // A cloud image that is an archive can stay one.
  const isFound =
    source.kind === 'image'
      ? declared.isArchive && (isDisk || convert)
      : facts === null || facts.refusal !== null
        ? declared.isArchive
        : facts.archive !== null
  const isArchive = overrides.archive !== 'none' && (isRequested || isFound)
  const knownSize = (source.kind === 'image' ? source.image.size.virtual : null) ?? facts?.virtualSize ?? null
  const virtualSize =
    knownSize ?? (from !== null && BARE.has(from) && compression === null && !isArchive ? readSourceSize(source) : null)
  const container = isArchive ? null : findContainer(source)
  return {
    from,
    to,
    compression,
    ...(isArchive ? { archive: planArchive(facts, overrides) } : {}),
    convert,
    virtualSize,
    ...(container === null ? {} : { container }),
  }
}
