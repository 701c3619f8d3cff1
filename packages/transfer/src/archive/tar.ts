import { Header } from 'tar/header'
import { ArchiveFault, quoteName } from './fault.ts'
import { BLOCK, decimal, readOldGnuMap, readPaxDataMap, parsePaxMap, type SparseMap } from './sparse.ts'
import type { TarInput } from './tar-input.ts'

/** What an entry is. Only files are of use: nothing of an archive becomes a link, a device or a directory here. */
export type TarEntryKind = 'file' | 'directory' | 'link' | 'other'

/** An entry of a tar archive. */
export interface TarEntry {
  /** As it is written there, without a `./` before it. Foreign text: it names nothing on this machine. */
  readonly name: string
  readonly kind: TarEntryKind
  /** Of the file, with its holes. */
  readonly size: number
  /** The bytes of the file, to be read before the next entry is asked for, or not at all. */
  readonly content: () => AsyncGenerator<Uint8Array>
}

/** More entries than an archive of a disk ever has: the file system of a container, a backup. */
const MOST_ENTRIES = 20_000
/** What precedes an entry: a long name, records of PAX. */
const MOST_METADATA = 8 * 2 ** 20
const CHUNK = 256 * 1024

/** What is said of the next entry before its header; of the size, for all that follow too. */
interface Announced {
  readonly records: ReadonlyMap<string, string>
  /** Offsets and lengths in turn: records of this kind are repeated (version 0.0). */
  readonly pieces: readonly string[]
  readonly longName: string | null
  readonly globalSize: string | null
}

const NOTHING: Announced = { records: new Map(), pieces: [], longName: null, globalSize: null }

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK

const metadata = async (input: TarInput, size: number): Promise<Uint8Array> => {
  if (size > MOST_METADATA) throw new ArchiveFault('unsupported', `a header in it has ${size} bytes`)
  const bytes = await input.take(size + padding(size))
  if (bytes.length < size) throw new ArchiveFault('truncated', 'it ends inside a header')
  return bytes.subarray(0, size)
}

const DIGITS = 12

/** Records of PAX: `LENGTH KEY=VALUE\n`, the length counting all of it, in bytes. */
const paxRecords = (bytes: Uint8Array): Pick<Announced, 'records' | 'pieces'> => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const records = new Map<string, string>()
  const pieces: string[] = []
  for (let at = 0; at < all.length && all[at] !== 0; ) {
    const space = all.subarray(at, at + DIGITS).indexOf(0x20)
    const length = space === -1 ? null : decimal(all.toString('latin1', at, at + space))
    const end = at + (length ?? 0)
    const equals = length === null ? -1 : all.indexOf(0x3d, at)
    if (length === null || end > all.length || all[end - 1] !== 0x0a || equals === -1 || equals >= end) throw new ArchiveFault('damaged', 'a header in it is damaged')
    const key = all.toString('utf8', at + space + 1, equals)
    const value = all.toString('utf8', equals + 1, end - 1)
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') pieces.push(value)
    else records.set(key, value)
    at = end
  }
  return { records, pieces }
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0)

/** `null`: its check sum, or a number in it, is wrong. */
const headerOf = (block: Buffer): Header | null => {
  try {
    const header = new Header(block)
    return header.cksumValid ? header : null
  } catch {
    // Numbers beyond 2^53 - 1 are thrown about.
    return null
  }
}

/** Whether bytes begin as a tar archive does, by their first 512: all have a check sum there, whatever their magic. */
export const isTar = (head: Uint8Array): boolean => head.length >= BLOCK && !isZero(head.subarray(0, BLOCK)) && headerOf(Buffer.from(head.subarray(0, BLOCK))) !== null

const KINDS: Readonly<Record<string, TarEntryKind>> = {
  File: 'file', OldFile: 'file', ContiguousFile: 'file', SparseFile: 'file', Directory: 'directory', GNUDumpDir: 'directory', Link: 'link', SymbolicLink: 'link',
}

/** Entries that have no data whatever their headers say (POSIX, pax interchange format); a hard link may have. */
const BARE: ReadonlySet<string> = new Set(['Directory', 'SymbolicLink', 'CharacterDevice', 'BlockDevice', 'FIFO'])

/** The bytes of the archive that are a file's, counted. */
const reading = (input: TarInput, name: string, left: { bytes: number }) => async (most: number): Promise<Uint8Array> => {
  const chunk = await input.take(Math.min(most, left.bytes))
  if (chunk.length === 0) throw new ArchiveFault('truncated', `it ends inside ${quoteName(name)}, ${left.bytes} bytes before the end of that file`)
  left.bytes -= chunk.length
  return chunk
}

async function* zeros(length: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(Math.min(CHUNK, length))
  for (let left = length; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}

/** The file with its holes. */
async function* expanded({ size, segments }: SparseMap, read: (most: number) => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const { offset, length } of segments) {
    yield* zeros(offset - at)
    for (let left = length; left > 0; ) {
      const chunk = await read(Math.min(CHUNK, left))
      left -= chunk.length
      yield chunk
    }
    at = offset + length
  }
  yield* zeros(size - at)
}

/** The next header; `null`: the archive has ended, by a block of zeros. */
const nextHeader = async (input: TarInput, isFirst: boolean): Promise<{ readonly block: Buffer; readonly header: Header } | null> => {
  const taken = await input.take(BLOCK)
  if (taken.length < BLOCK) throw isFirst && taken.length > 0 ? new ArchiveFault('foreign', `it has ${taken.length} bytes`) : new ArchiveFault('truncated', 'it ends without an end marker')
  // A copy: it must outlive what is read next.
  const block = Buffer.from(taken)
  if (isZero(block)) return null
  const header = headerOf(block)
  if (header === null) throw isFirst ? new ArchiveFault('foreign', 'it does not begin with a header') : new ArchiveFault('damaged', 'a header in it is damaged')
  return { block, header }
}

const withoutDot = (name: string): string => name.replace(/^(?:\.\/+)+/, '')

/** What a header announces of the next entry, with what was announced before; `null`: it is an entry itself. */
const announcedBy = async (type: string, size: number, before: Announced, input: TarInput): Promise<Announced | null> => {
  switch (type) {
    case 'NextFileHasLongPath':
    case 'OldGnuLongPath':
      return { ...before, longName: Buffer.from(await metadata(input, size)).toString('utf8').replace(/\0.*$/s, '') }
    case 'NextFileHasLongLinkpath':
      await metadata(input, size)
      return before
    case 'ExtendedHeader':
    case 'OldExtendedHeader':
      return { ...before, ...paxRecords(await metadata(input, size)) }
    case 'GlobalExtendedHeader':
      return { ...before, globalSize: paxRecords(await metadata(input, size)).records.get('size') ?? before.globalSize }
    default:
      return null
  }
}

interface Layout {
  /** `null`: the file is as it stands there. */
  readonly map: SparseMap | null
  /** Of the entry's bytes, how many the map itself took. */
  readonly taken: number
}

/** Where the bytes of an entry belong, of which the archive holds `stored`. */
const layoutOf = async (type: string, block: Uint8Array, { records, pieces }: Announced, stored: number, input: TarInput): Promise<Layout> => {
  if (type === 'SparseFile') return { map: await readOldGnuMap(block, stored, input), taken: 0 }
  const [major, minor] = [records.get('GNU.sparse.major'), records.get('GNU.sparse.minor')]
  if (major === undefined) return { map: parsePaxMap(records, pieces, stored), taken: 0 }
  if (major !== '1' || minor !== '0') throw new ArchiveFault('unsupported', 'it has a sparse file of an unknown version')
  const size = decimal(records.get('GNU.sparse.realsize'))
  if (size === null) throw new ArchiveFault('damaged', 'the size of a sparse file in it cannot be read')
  return readPaxDataMap(size, stored, input)
}

/**
 * The entries of a tar archive, in order: POSIX and GNU, long names, and all four ways in which GNU tar writes sparse files. Ends at the end marker; throws
 * `ArchiveFault` where the archive ends before, or is damaged.
 *
 * Headers are decoded by node-tar. Its reader and tar-stream's are not used: both give the pieces of a sparse file one after the other, as if there were
 * no holes, and say nothing.
 */
export async function* readTarEntries(input: TarInput): AsyncGenerator<TarEntry> {
  let announced = NOTHING
  for (let count = 0; ; count += 1) {
    if (count > MOST_ENTRIES) throw new ArchiveFault('unsupported', `it has more than ${MOST_ENTRIES} entries: no archive of a disk has as many`)
    const next = await nextHeader(input, count === 0)
    if (next === null) return
    const { block, header } = next
    const { type, size: told } = header
    if (told === undefined) throw new ArchiveFault('damaged', 'the size of an entry in it cannot be read')
    const more = await announcedBy(type, told, announced, input)
    if (more !== null) {
      announced = more
      continue
    }
    const { records, longName, globalSize } = announced
    const saidSize = records.get('size') ?? globalSize ?? undefined
    const stored = BARE.has(type) ? 0 : saidSize === undefined ? told : decimal(saidSize)
    if (stored === null) throw new ArchiveFault('damaged', 'the size of an entry in it cannot be read')
    const name = withoutDot(records.get('GNU.sparse.name') ?? records.get('path') ?? longName ?? header.path ?? '')
    const { map, taken } = await layoutOf(type, block, announced, stored, input)
    announced = { ...NOTHING, globalSize }
    const left = { bytes: stored - taken }
    const size = map?.size ?? stored
    const whole: SparseMap = map ?? { size, segments: size === 0 ? [] : [{ offset: 0, length: size }] }
    yield { name, kind: KINDS[type] ?? 'other', size, content: () => expanded(whole, reading(input, name, left)) }
    const rest = left.bytes + padding(stored)
    if ((await input.skip(rest)) < rest) throw new ArchiveFault('truncated', `it ends inside ${quoteName(name)}`)
  }
}
