import { Header } from 'tar/header'
import { ArchiveFault, quoteName } from './fault.ts'
import { BLOCK, parseDecimal, readOldGnuMap, readPaxDataMap, parsePaxMap, type SparseMap } from './sparse.ts'
import type { TarInput } from './tar-input.ts'

/** The kind of an entry. Only files are used: nothing in an archive becomes a link, a device or a directory. */
export type TarEntryKind = 'file' | 'directory' | 'link' | 'other'

/** An entry of a tar archive. */
export interface TarEntry {
  /** Its name in the archive, without a leading `./`. Untrusted text: it is never used as a path on this machine. */
  readonly name: string
  readonly kind: TarEntryKind
  /** Of the file with its holes, in bytes. */
  readonly size: number
  /** The bytes of the file. They must be read before the next entry is requested. */
  readonly content: () => AsyncGenerator<Uint8Array>
}

/** An archive of a disk has few entries; one with more is a backup or the file system of a container. */
const MAX_ENTRIES = 20_000
/** In bytes: the most metadata before an entry, which is a long name or PAX records. */
const MAX_METADATA_BYTES = 8 * 2 ** 20
const CHUNK = 256 * 1024

/** Metadata that precedes an entry. `globalSize` applies to all further entries. */
interface Metadata {
  readonly records: ReadonlyMap<string, string>
  /** Offsets and lengths in turn, from repeated records of sparse format 0.0. */
  readonly segments: readonly string[]
  readonly longName: string | null
  readonly globalSize: string | null
}

const NOTHING: Metadata = { records: new Map(), segments: [], longName: null, globalSize: null }

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK

const readMetadata = async (input: TarInput, size: number): Promise<Uint8Array> => {
  if (size > MAX_METADATA_BYTES)
    throw new ArchiveFault(
      'unsupported',
      `a header in it has ${size} bytes, and at most ${MAX_METADATA_BYTES} are supported`,
    )
  const bytes = await input.take(size + padding(size))
  if (bytes.length < size) throw new ArchiveFault('truncated', 'it ends inside a header')
  return bytes.subarray(0, size)
}

const DIGITS = 12

/** PAX records (POSIX, `pax`): `LENGTH KEY=VALUE\n`; the length is that of the whole record in bytes. */
const parsePaxRecords = (bytes: Uint8Array): Pick<Metadata, 'records' | 'segments'> => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const records = new Map<string, string>()
  const segments: string[] = []
  for (let at = 0; at < all.length && all[at] !== 0;) {
    const space = all.subarray(at, at + DIGITS).indexOf(0x20)
    const length = space === -1 ? null : parseDecimal(all.toString('latin1', at, at + space))
    const end = at + (length ?? 0)
    const equals = length === null ? -1 : all.indexOf(0x3d, at)
    if (length === null || end > all.length || all[end - 1] !== 0x0a || equals === -1 || equals >= end)
      throw new ArchiveFault('damaged', 'a header in it is damaged')
    const key = all.toString('utf8', at + space + 1, equals)
    const value = all.toString('utf8', equals + 1, end - 1)
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') segments.push(value)
    else records.set(key, value)
    at = end
  }
  return { records, segments }
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0)

/** `null`: the checksum or a number is invalid. */
const parseHeader = (block: Buffer): Header | null => {
  try {
    const header = new Header(block)
    return header.cksumValid ? header : null
  } catch {
    // node-tar throws for numbers above 2^53 - 1.
    return null
  }
}

/** Whether bytes begin with a tar header, by its checksum: all variants have one, and old ones have no magic. */
export const isTar = (head: Uint8Array): boolean =>
  head.length >= BLOCK && !isZero(head.subarray(0, BLOCK)) && parseHeader(Buffer.from(head.subarray(0, BLOCK))) !== null

const KINDS: Readonly<Record<string, TarEntryKind>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  SparseFile: 'file',
  Directory: 'directory',
  GNUDumpDir: 'directory',
  Link: 'link',
  SymbolicLink: 'link',
}

/** Kinds of entries without data, regardless of the size in their headers (POSIX, pax interchange format). A hard link may have data. */
const WITHOUT_DATA: ReadonlySet<string> = new Set([
  'Directory',
  'SymbolicLink',
  'CharacterDevice',
  'BlockDevice',
  'FIFO',
])

/** Reads bytes of a file and counts down those that are left. */
const createReader =
  (input: TarInput, name: string, left: { bytes: number }) =>
  async (maxBytes: number): Promise<Uint8Array> => {
    const chunk = await input.take(Math.min(maxBytes, left.bytes))
    if (chunk.length === 0)
      throw new ArchiveFault(
        'truncated',
        `it ends inside ${quoteName(name)}, ${left.bytes} bytes before the end of that file`,
      )
    left.bytes -= chunk.length
    return chunk
  }

async function* zeros(length: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(Math.min(CHUNK, length))
  for (let left = length; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}

/** The bytes of a sparse file with its holes as zeros. */
async function* expand(
  { size, segments }: SparseMap,
  read: (maxBytes: number) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const { offset, length } of segments) {
    yield* zeros(offset - at)
    for (let left = length; left > 0;) {
      const chunk = await read(Math.min(CHUNK, left))
      left -= chunk.length
      yield chunk
    }
    at = offset + length
  }
  yield* zeros(size - at)
}

/** The next header; `null`: a block of zeros, which ends the archive. */
const readHeader = async (
  input: TarInput,
  isFirst: boolean,
): Promise<{ readonly block: Buffer; readonly header: Header } | null> => {
  const taken = await input.take(BLOCK)
  if (taken.length < BLOCK)
    throw isFirst && taken.length > 0
      ? new ArchiveFault('foreign', `it has ${taken.length} bytes`)
      : new ArchiveFault('truncated', 'it ends without an end marker')
  // A copy, since the input may reuse its memory.
  const block = Buffer.from(taken)
  if (isZero(block)) return null
  const header = parseHeader(block)
  if (header === null)
    throw isFirst
      ? new ArchiveFault('foreign', 'it does not begin with a header')
      : new ArchiveFault('damaged', 'a header in it is damaged')
  return { block, header }
}

const removeDot = (name: string): string => name.replace(/^(?:\.\/+)+/, '')

/** The metadata for the next entry if a header is one of metadata, added to `before`; `null`: it is the header of an entry. */
const readEntryMetadata = async (
  type: string,
  size: number,
  before: Metadata,
  input: TarInput,
): Promise<Metadata | null> => {
  switch (type) {
    case 'NextFileHasLongPath':
    case 'OldGnuLongPath':
      return {
        ...before,
        longName: Buffer.from(await readMetadata(input, size))
          .toString('utf8')
          .replace(/\0.*$/s, ''),
      }
    case 'NextFileHasLongLinkpath':
      await readMetadata(input, size)
      return before
    case 'ExtendedHeader':
    case 'OldExtendedHeader':
      return { ...before, ...parsePaxRecords(await readMetadata(input, size)) }
    case 'GlobalExtendedHeader':
      return {
        ...before,
        globalSize: parsePaxRecords(await readMetadata(input, size)).records.get('size') ?? before.globalSize,
      }
    default:
      return null
  }
}

interface Layout {
  /** `null`: the file is not sparse. */
  readonly map: SparseMap | null
  /** In bytes: how much of the entry's data the map took. */
  readonly taken: number
}

/** The layout of an entry with `stored` bytes in the archive. */
const readLayout = async (
  type: string,
  block: Uint8Array,
  { records, segments }: Metadata,
  stored: number,
  input: TarInput,
): Promise<Layout> => {
  if (type === 'SparseFile') return { map: await readOldGnuMap(block, stored, input), taken: 0 }
  const [major, minor] = [records.get('GNU.sparse.major'), records.get('GNU.sparse.minor')]
  if (major === undefined) return { map: parsePaxMap(records, segments, stored), taken: 0 }
  if (major !== '1' || minor !== '0') throw new ArchiveFault('unsupported', 'it has a sparse file in an unknown format')
  const size = parseDecimal(records.get('GNU.sparse.realsize'))
  if (size === null) throw new ArchiveFault('damaged', 'the size of a sparse file in it is invalid')
  return readPaxDataMap(size, stored, input)
}

/**
 * Reads the entries of a tar archive in order: POSIX and GNU, long names, and all four sparse formats of GNU tar. It ends at the end marker. Throws
 * `ArchiveFault` if the archive is truncated, damaged or not supported.
 *
 * node-tar decodes the headers. Its reader and that of tar-stream are not used: both return the segments of a sparse file one after the other, without
 * the holes and without an error.
 */
export async function* readTarEntries(input: TarInput): AsyncGenerator<TarEntry> {
  let metadata = NOTHING
  for (let count = 0; ; count += 1) {
    if (count > MAX_ENTRIES)
      throw new ArchiveFault('unsupported', `it has more than ${MAX_ENTRIES} entries, which no archive of a disk has`)
    const next = await readHeader(input, count === 0)
    if (next === null) return
    const { block, header } = next
    const { type, size: headerSize } = header
    if (headerSize === undefined) throw new ArchiveFault('damaged', 'the size of an entry in it is invalid')
    const more = await readEntryMetadata(type, headerSize, metadata, input)
    if (more !== null) {
      metadata = more
      continue
    }
    const { records, longName, globalSize } = metadata
    const recordSize = records.get('size') ?? globalSize ?? undefined
    const stored = WITHOUT_DATA.has(type) ? 0 : recordSize === undefined ? headerSize : parseDecimal(recordSize)
    if (stored === null) throw new ArchiveFault('damaged', 'the size of an entry in it is invalid')
    const name = removeDot(records.get('GNU.sparse.name') ?? records.get('path') ?? longName ?? header.path ?? '')
    const { map, taken } = await readLayout(type, block, metadata, stored, input)
    metadata = { ...NOTHING, globalSize }
    const left = { bytes: stored - taken }
    const size = map?.size ?? stored
    const whole: SparseMap = map ?? { size, segments: size === 0 ? [] : [{ offset: 0, length: size }] }
    yield { name, kind: KINDS[type] ?? 'other', size, content: () => expand(whole, createReader(input, name, left)) }
    const rest = left.bytes + padding(stored)
    if ((await input.skip(rest)) < rest) throw new ArchiveFault('truncated', `it ends inside ${quoteName(name)}`)
  }
}
