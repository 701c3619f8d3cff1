import { maskedUrl } from '../bytes/masked-url.ts'
import type { Compression, PlanFormat } from './plan.ts'
import type { MoveSource, MoveTarget, MoveWishes } from './wishes.ts'

/** A disk as it is, whatever it is called. */
const BARE: ReadonlySet<string> = new Set(['raw', 'iso', 'ami', 'aki', 'ari', 'gpt', 'luks'])

/** Containers of Glance that hold a disk and more. The others (`bare`, `ovf`, those of AMIs) are the bytes of the disk. */
const CONTAINERS: ReadonlySet<string> = new Set(['ova', 'docker', 'compressed'])

const containerOf = (source: MoveSource): string | null => {
  const container = source.kind === 'image' ? source.image.format.container : null
  return container !== null && CONTAINERS.has(container) ? container : null
}

/** What `qemu-img` may be asked to read and to write. */
const CONVERTIBLE: ReadonlySet<string> = new Set(['raw', 'qcow2', 'vmdk', 'vdi', 'vhd', 'vhdx'])

export const isConvertible = (from: string, to: string): boolean => CONVERTIBLE.has(from) && CONVERTIBLE.has(to)

const COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', gzip: 'gzip', xz: 'xz', zst: 'zstd', zstd: 'zstd', bz2: 'bzip2', bzip2: 'bzip2' }
const FORMATS: Readonly<Record<string, string>> = { raw: 'raw', qcow2: 'qcow2', vmdk: 'vmdk', vdi: 'vdi', vhd: 'vhd', vhdx: 'vhdx', iso: 'iso' }

/** What the end of a file's name says. `.img` says nothing: it is used for raw and for qcow2. */
const byName = (path: string): { readonly format: string | null; readonly compression: Compression | null } => {
  const parts = (path.split(/[/\\]/).at(-1) ?? '').toLowerCase().split('.').slice(1)
  const compression = COMPRESSIONS[parts.at(-1) ?? ''] ?? null
  const format = FORMATS[(compression === null ? parts.at(-1) : parts.at(-2)) ?? ''] ?? null
  return { format, compression }
}

/** A provider that takes disks gives disks: it has no formats. */
export const givesDisks = (source: MoveSource): boolean => source.kind === 'image' && source.capabilities.operations.includes('createFromBytes') && source.image.format.disk === null

/** How a cloud takes bytes; `null`: it does not. */
export const wayInto = (target: MoveTarget): 'upload' | 'createFromBytes' | null => {
  if (target.kind === 'file') return null
  const { operations } = target.capabilities
  if (operations.includes('create') && operations.includes('upload')) return 'upload'
  return operations.includes('createFromBytes') ? 'createFromBytes' : null
}

const statedBy = (source: MoveSource): { readonly format: string | null; readonly compression: Compression | null } => {
  if (source.kind === 'file') return byName(source.path)
  if (source.kind === 'url') return byName(maskedUrl(source.url).replace(/\?…$/, ''))
  return { format: source.image.format.disk ?? (givesDisks(source) ? 'raw' : null), compression: null }
}

/** How many bytes are read from the source; `null`: not known. */
export const bytesOfSource = (source: MoveSource): number | null => {
  if (source.kind !== 'image') return source.size
  return givesDisks(source) ? source.image.size.virtual : source.image.size.stored
}

/** What happens to the bytes on their way. */
export const formatFor = (source: MoveSource, target: MoveTarget, { sourceFormat, compression: wished, diskFormat }: MoveWishes): PlanFormat => {
  const stated = statedBy(source)
  const from = sourceFormat ?? stated.format
  const compression = wished === 'none' ? null : (wished ?? stated.compression)
  const isDisk = wayInto(target) === 'createFromBytes'
  const to = isDisk ? 'raw' : (diskFormat ?? from)
  const convert = from !== null && to !== null && from !== to && !(BARE.has(from) && BARE.has(to))
  const said = source.kind === 'image' ? source.image.size.virtual : null
  const virtualSize = said ?? (from !== null && BARE.has(from) && compression === null ? bytesOfSource(source) : null)
  const container = containerOf(source)
  return { from, to, compression, convert, virtualSize, ...(container === null ? {} : { container }) }
}
