import { ImageException, type Abortable, type ByteSource, type ErrorSite, type ImageError } from '@imago/core'
import { createInspector, inspectRanges, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { ArchiveFault } from '../archive/fault.ts'
import { chooseMember, findMemberDigest, createListingBuilder, type Listing, type Member } from '../archive/listing.ts'
import { isTar, readTarEntries, type TarEntry } from '../archive/tar.ts'
import { createSeekingInput, createStreamInput, type TarInput } from '../archive/tar-input.ts'
import { toArchiveError } from '../archive/extract.ts'
import { checkManifest } from '../archive/manifest-check.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS } from '../decompress/decompress.ts'
import { detectCompression, type CompressionKind } from '../decompress/kind.ts'
import { checkSafety, type AllowableCheck } from '../safety/check-safety.ts'
import type { ArchiveFacts, SourceFacts } from './source-facts.ts'

/** Limits of the inspection, and known facts about the source. */
export interface InspectSourceOptions extends Abortable {
  readonly site: ErrorSite
  /** Whether ranges can be read without the bytes before them. */
  readonly isSeekable: boolean
  /** The most bytes to read, after decompression. */
  readonly maxBytes: number
  /** The file of the archive that is the disk. */
  readonly member?: string | undefined
  /** `none`: an archive is not opened. */
  readonly archive?: 'tar' | 'none' | undefined
  /** `none`: it is not decompressed. */
  readonly compression?: CompressionKind | 'none' | undefined
  /** The declared format of the disk. */
  readonly sourceFormat?: string | undefined
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
}

/** Enough for the header of each format. */
const HEAD = 4 * 2 ** 20
const FIRST = 64 * 1024
/** The number of files in an archive whose first bytes are kept. */
const MOST_HEADS = 16

/** Thrown when the budget is used up. */
class BudgetSpent extends Error {}

const within = (input: TarInput, budget: number, isSeekable: boolean): TarInput => {
  let left = budget
  const spend = (bytes: number): void => {
    left -= bytes
    if (left < 0) throw new BudgetSpent()
  }
  return {
    take: (length) => {
      spend(length)
      return input.take(length)
    },
    // Skipping by seeking costs one request, about as much as reading a window.
    skip: (length) => {
      spend(isSeekable ? Math.min(length, FIRST) : length)
      return input.skip(length)
    },
    close: input.close,
  }
}

/** Reads the first bytes of a stream, at most `most`. An error after the first chunk ends the bytes. */
const readFirst = async (bytes: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk)
      length += chunk.length
      if (length >= most) break
    }
  } catch (thrown) {
    if (length === 0 || !(ImageException.is(thrown) || thrown instanceof BudgetSpent)) throw thrown
  }
  return Buffer.concat(chunks).subarray(0, most)
}

const opened = async (
  bytes: ByteSource,
  signal: InspectSourceOptions['signal'],
  end: number | null = null,
): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await bytes.open({ start: 0, end }, signal)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

const unpacked = (bytes: Uint8Array, kind: CompressionKind, site: ErrorSite): ByteSource => {
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  return decompress(
    { size: bytes.length, open: () => async () => E.right(once()) },
    kind,
    DEFAULT_DECOMPRESSION_LIMITS,
    site,
  )
}

/** Inspects the first bytes of a disk. `size`: of the whole disk; `null`: unknown. */
const inspectHead = (
  head: Uint8Array,
  size: number | null,
): Pick<SourceFacts, 'format' | 'virtualSize' | 'isEncrypted'> => {
  const inspector = createInspector()
  inspector.write(head)
  const { format, virtualSize, isEncrypted } = inspector.end()
  // The size of these formats is the number of their bytes.
  if (format === 'raw' || format === 'gpt' || format === 'iso') return { format, virtualSize: size }
  return {
    format,
    virtualSize: format === 'luks' ? null : virtualSize,
    ...(isEncrypted === undefined ? {} : { isEncrypted }),
  }
}

/** A format that differs from the declared one is reported by the plan's checks. */
const findRefusal = (
  inspection: Inspection,
  { site, sourceFormat, allow }: InspectSourceOptions,
): SourceFacts['refusal'] => {
  const error = checkSafety(site, inspection, sourceFormat ?? null, { allow })
  return error === null || error._tag !== 'UnsafeImage' || error.check === 'format_mismatch'
    ? null
    : {
        check: error.check,
        what: error.what,
        hint: error.hint,
        ...(error.changes === undefined ? {} : { changes: error.changes }),
      }
}

interface Heads {
  readonly listing: Listing
  readonly heads: ReadonlyMap<string, Uint8Array>
}

/** Lists an archive as far as the budget allows, and keeps the first bytes of its files. */
const listArchive = async (input: TarInput): Promise<Heads> => {
  const { add, listing } = createListingBuilder()
  const heads = new Map<string, Uint8Array>()
  const visit = async (entry: TarEntry): Promise<void> => {
    if (await add(entry)) return
    if (entry.kind === 'file' && !heads.has(entry.name) && heads.size < MOST_HEADS)
      heads.set(entry.name, await readFirst(entry.content(), HEAD))
  }
  try {
    for await (const entry of readTarEntries(input)) await visit(entry)
    return { listing: listing(true), heads }
  } catch (thrown) {
    if (!(thrown instanceof BudgetSpent)) throw thrown
    return { listing: listing(false), heads }
  }
}

const withoutMember = (listing: Listing, fault: ArchiveFault | null): ArchiveFacts => ({
  ...archiveFacts(listing, null),
  problem: fault?.message ?? null,
  ...(fault === null || fault.advice === null ? {} : { advice: fault.advice }),
})

const archiveFacts = (listing: Listing, member: Member | null): ArchiveFacts => {
  const { ovf } = listing
  const capacity = member === null ? null : (ovf?.disks.find(({ file }) => file === member.name)?.capacity ?? null)
  const { disks: _, ...machine } = ovf ?? { disks: [] }
  return {
    member: member?.name ?? null,
    digest: member === null ? null : findMemberDigest(listing, member),
    machine: ovf === null ? null : (machine as NonNullable<ArchiveFacts['machine']>),
    capacity,
    problem: null,
  }
}

/** Finds the disk in an archive, as far as the budget allows. */
const inspectArchive = async (
  input: TarInput,
  compression: SourceFacts['compression'],
  { member, site }: InspectSourceOptions,
): Promise<SourceFacts> => {
  const { listing, heads } = await listArchive(input)
  const facts = (archive: ArchiveFacts): SourceFacts => ({
    compression,
    archive,
    format: null,
    virtualSize: null,
    refusal: null,
  })
  let chosen: Member
  try {
    chosen = chooseMember(listing, member ?? null)
  } catch (thrown) {
    if (!(thrown instanceof ArchiveFault)) throw thrown
    // The rest of an archive that was not read to its end may contain it.
    const isOpen = !listing.isWhole && thrown.kind === 'absent'
    return facts(withoutMember(listing, isOpen ? null : thrown))
  }
  const failure = checkManifest(listing, chosen.name, site)
  if (failure !== null) throw new ImageException(failure)
  const archive = archiveFacts(listing, chosen)
  const head = heads.get(chosen.name)
  if (head === undefined) return facts(archive)
  const inner = detectCompression(head)
  if (inner === null) {
    const found = inspectHead(head, chosen.size)
    return { ...facts(archive), ...found, virtualSize: found.virtualSize ?? archive.capacity }
  }
  const found = inspectHead(await readFirst(await opened(unpacked(head, inner, site), undefined), HEAD), null)
  return { ...facts(archive), ...found, virtualSize: found.virtualSize ?? archive.capacity }
}

const inspect = async (bytes: ByteSource, options: InspectSourceOptions): Promise<SourceFacts> => {
  const { site, signal, isSeekable, maxBytes } = options
  const first = await readFirst(
    await opened(bytes, signal, bytes.size === null ? FIRST : Math.min(FIRST, bytes.size)),
    FIRST,
  )
  const compression = options.compression === 'none' ? null : detectCompression(first)
  if (compression !== null) {
    const inside = decompress(bytes, compression, DEFAULT_DECOMPRESSION_LIMITS, site)
    const head = await readFirst(await opened(inside, signal), Math.min(HEAD, maxBytes))
    if (!isTar(head) || options.archive === 'none')
      return { compression, archive: null, ...inspectHead(head, null), refusal: null }
    const input = createStreamInput(await opened(inside, signal))
    try {
      return await inspectArchive(within(input, maxBytes, false), compression, options)
    } finally {
      await input.close()
    }
  }
  if (isTar(first) && options.archive !== 'none') {
    const input =
      isSeekable && bytes.size !== null
        ? createSeekingInput(bytes, bytes.size, signal)
        : createStreamInput(await opened(bytes, signal))
    try {
      return await inspectArchive(within(input, maxBytes, isSeekable), null, options)
    } finally {
      await input.close()
    }
  }
  const { size } = bytes
  if (!isSeekable || size === null) return { compression, archive: null, ...inspectHead(first, size), refusal: null }
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const answer = await bytes.open({ start, end }, signal)()
    if (E.isLeft(answer)) throw new ImageException(answer.left)
    return readFirst(answer.right, end - start)
  }
  const inspection = await inspectRanges(read, size)
  return {
    compression,
    archive: null,
    format: inspection.format,
    virtualSize: inspection.virtualSize,
    ...(inspection.isEncrypted === undefined ? {} : { isEncrypted: inspection.isEncrypted }),
    refusal: findRefusal(inspection, options),
  }
}

/** Errors about the bytes themselves, with which a run would fail too. */
const CHECKS: Readonly<Partial<Record<ImageError['_tag'], string>>> = {
  IntegrityFailed: 'damaged',
  Rejected: 'unreadable',
  UnsafeImage: 'unsafe',
}

/**
 * Inspects the first bytes of a source, and what they point to: compression, archive, format and size of the disk. Reads at most `maxBytes`, and only the beginning of a
 * source that is compressed or does not support ranges. The result is for a plan; the run inspects all bytes.
 */
export const inspectSource = async (
  bytes: ByteSource,
  options: InspectSourceOptions,
): Promise<E.Either<ImageError, SourceFacts>> => {
  try {
    return E.right(await inspect(bytes, options))
  } catch (thrown) {
    const error =
      thrown instanceof ArchiveFault
        ? toArchiveError(options.site, thrown)
        : ImageException.is(thrown)
          ? thrown.error
          : null
    if (error === null) throw thrown
    const check = CHECKS[error._tag]
    return check === undefined
      ? E.left(error)
      : E.right({
          compression: null,
          archive: null,
          format: null,
          virtualSize: null,
          refusal: {
            check,
            what: error.what,
            hint: error.hint,
            ...(error.changes === undefined ? {} : { changes: error.changes }),
          },
        })
  }
}
