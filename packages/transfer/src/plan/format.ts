import type { InspectedFormat } from '@imago/inspect'
import { maskUrl } from '../bytes/mask-url.ts'
import type { SourceFacts } from '../facts/source-facts.ts'
import type { Compression, PlanArchive, PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from './transfer-input.ts'

/** A disk as it is, whatever it is called. */
const BARE: ReadonlySet<string> = new Set(['raw', 'iso', 'ami', 'aki', 'ari', 'gpt', 'luks'])

/** What is found in bytes, in a word that clouds have for a disk format: Glance knows neither partitions nor LUKS, and calls both raw. */
const calledByClouds = (found: string | null): string | null => (found === 'gpt' || found === 'luks' ? 'raw' : found)

/** Containers of Glance that hold a disk and more. The others (`bare`, `ovf`, those of AMIs) are the bytes of the disk. */
const CONTAINERS: ReadonlySet<string> = new Set(['ova', 'docker', 'compressed'])

const containerOf = (source: TransferSource): string | null => {
  const container = source.kind === 'image' ? source.image.format.container : null
  return container !== null && CONTAINERS.has(container) ? container : null
}

/** What `qemu-img` may be asked to read and to write. */
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

/** Short for a tar that is compressed. */
const TARBALLS: Readonly<Record<string, Compression>> = {
  tgz: 'gzip',
  txz: 'xz',
  tzst: 'zstd',
  tbz: 'bzip2',
  tbz2: 'bzip2',
}
const ARCHIVES: ReadonlySet<string> = new Set(['tar', 'ova'])

/** What a source says of its bytes, by its name or its record. */
interface Stated {
  readonly format: string | null
  readonly compression: Compression | null
  readonly isArchive: boolean
}

/** What the end of a file's name says. `.img` says nothing: it is used for raw and for qcow2. */
const byName = (path: string): Stated => {
  const parts = (path.split(/[/\\]/).at(-1) ?? '').toLowerCase().split('.').slice(1)
  const last = parts.pop() ?? ''
  if (Object.hasOwn(TARBALLS, last))
    return { format: FORMATS[parts.at(-1) ?? ''] ?? null, compression: TARBALLS[last] ?? null, isArchive: true }
  const compression = COMPRESSIONS[last] ?? null
  const end = compression === null ? last : (parts.pop() ?? '')
  const isArchive = ARCHIVES.has(end)
  return { format: FORMATS[isArchive ? (parts.at(-1) ?? '') : end] ?? null, compression, isArchive }
}

/** A provider that takes disks gives disks: it has no formats. */
export const returnsRawDisks = (source: TransferSource): boolean =>
  source.kind === 'image' &&
  source.capabilities.operations.includes('createFromBytes') &&
  source.image.format.disk === null

/** How a cloud takes bytes; `null`: it does not. */
export const selectUploadMethod = (target: TransferTarget): 'upload' | 'createFromBytes' | null => {
  if (target.kind === 'file') return null
  const { operations } = target.capabilities
  if (operations.includes('create') && operations.includes('upload')) return 'upload'
  return operations.includes('createFromBytes') ? 'createFromBytes' : null
}

const statedBy = (source: TransferSource): Stated => {
  if (source.kind === 'file') return byName(source.path)
  if (source.kind === 'url') return byName(maskUrl(source.url).replace(/\?…$/, ''))
  return {
    format: source.image.format.disk ?? (returnsRawDisks(source) ? 'raw' : null),
    compression: null,
    isArchive: source.image.format.container === 'ova',
  }
}

/** How many bytes are read from the source; `null`: not known. */
export const readSourceSize = (source: TransferSource): number | null => {
  if (source.kind !== 'image') return source.size
  return returnsRawDisks(source) ? source.image.size.virtual : source.image.size.stored
}

/** What a look at the source's bytes told; `null`: nobody looked. */
export const readSourceFacts = (source: TransferSource): SourceFacts | null =>
  source.kind === 'image' ? null : (source.facts ?? null)

/** Bytes that a disk is found as, and what clouds call them. */
const NAMES: Readonly<Partial<Record<InspectedFormat, string>>> = { gpt: 'raw' }

/** Whether bytes of the format `found` may be called `name`: a raw disk may have partitions, or be a disc. */
export const matchesFormat = (name: string, found: InspectedFormat): boolean =>
  name === found || (BARE.has(name) && (found === 'raw' || found === 'gpt' || (name === 'raw' && found === 'iso')))

/** The disk's format: as it is found, in the word of the name where that fits. A fixed VHD has its mark at its end, which a look into an archive does not see. */
const foundFormat = (stated: string | null, facts: SourceFacts | null): string | null => {
  const found = facts?.format ?? null
  if (found === null) return stated
  const isOpen = facts?.archive !== null || facts.compression !== null
  if (
    stated !== null &&
    (matchesFormat(stated, found) || (stated === 'vhd' && isOpen && (found === 'raw' || found === 'gpt')))
  )
    return stated
  return NAMES[found] ?? found
}

/** Whether the run makes something else of the source's bytes before they are the disk: decompresses them, or takes it from an archive. */
export const isPacked = ({ compression, archive }: Pick<PlanFormat, 'compression' | 'archive'>): boolean =>
  compression !== null || archive !== undefined

const archiveFor = (facts: SourceFacts | null, { member }: TransferOverrides): PlanArchive => {
  const inside = facts?.archive ?? null
  return {
    kind: 'tar',
    member: inside?.member ?? member ?? null,
    isNamed: member !== undefined,
    digest: inside?.digest ?? null,
    machine: inside?.machine ?? null,
  }
}

/** What happens to the bytes on their way. */
export const planFormat = (source: TransferSource, target: TransferTarget, wishes: TransferOverrides): PlanFormat => {
  const { sourceFormat, compression: wished, diskFormat } = wishes
  const facts = readSourceFacts(source)
  const stated = statedBy(source)
  const member = facts?.archive?.member ?? wishes.member
  const from =
    sourceFormat ??
    foundFormat(
      member === undefined || member === null ? stated.format : (byName(member).format ?? stated.format),
      facts,
    )
  const compression =
    wished === 'none'
      ? null
      : (wished ?? (facts === null || facts.refusal !== null ? stated.compression : facts.compression))
  const isDisk = selectUploadMethod(target) === 'createFromBytes'
  const to = isDisk ? 'raw' : (diskFormat ?? (source.kind === 'image' ? from : calledByClouds(from)))
  const convert = from !== null && to !== null && from !== to && !(BARE.has(from) && BARE.has(to))
  const isAsked = wishes.archive === 'tar' || wishes.member !== undefined
  // An image that is an archive where it comes from can be one where it goes.
  const isFound =
    source.kind === 'image'
      ? stated.isArchive && (isDisk || convert)
      : facts === null || facts.refusal !== null
        ? stated.isArchive
        : facts.archive !== null
  const isArchive = wishes.archive !== 'none' && (isAsked || isFound)
  const said = (source.kind === 'image' ? source.image.size.virtual : null) ?? facts?.virtualSize ?? null
  const virtualSize =
    said ?? (from !== null && BARE.has(from) && compression === null && !isArchive ? readSourceSize(source) : null)
  const container = isArchive ? null : containerOf(source)
  return {
    from,
    to,
    compression,
    ...(isArchive ? { archive: archiveFor(facts, wishes) } : {}),
    convert,
    virtualSize,
    ...(container === null ? {} : { container }),
  }
}
