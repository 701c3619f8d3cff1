import type { Hash } from 'node:crypto'
import {
  formatSizes,
  ImageException,
  rejected,
  unsafeImage,
  type AbortSignalLike,
  type ByteSource,
  type ErrorSite,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createHasher } from '../bytes/digest.ts'
import { toIterable } from '../bytes/to-iterable.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS, type LimitAdvice } from '../decompress/decompress.ts'
import { COMPRESSION_HEAD_LENGTH, detectCompression, type CompressionKind } from '../decompress/kind.ts'
import { toException } from './archive-error.ts'
import { ArchiveFault, quoteName } from './fault.ts'
import { chooseMember, findMemberDigest, createListingBuilder, listTar, type Listing } from './listing.ts'
import { digestMismatch, checkManifest, findUncompared } from './manifest-check.ts'
import { createSeekingInput, createStreamInput, type TarInput } from './tar-input.ts'
import { readTarEntries } from './tar.ts'

/** The digest of a member by the archive's manifest. */
export interface MemberDigest {
  readonly algorithm: string
  /** In lower-case hex. */
  readonly value: string
}

/** Selects a file of an archive. */
export interface MemberChoice {
  /** Compression of the archive itself. */
  readonly compression: CompressionKind | null
  /** `null`: the only disk. */
  readonly member: string | null
  /** The user named it; otherwise it must be the only disk in the archive. */
  readonly isNamed: boolean
  /** `null`: not known yet; it is looked up in the manifest. */
  readonly digest: MemberDigest | null
}

/** Options of `extract`. */
export interface ExtractionOptions {
  /** The maximum number of bytes of output; `null`: the default limit. */
  readonly maxBytes: number | null
  /** What to do about a larger disk; default: extract it by other means. */
  readonly advice?: LimitAdvice | undefined
  /** Called with a message about each digest in the manifest that could not be compared. */
  readonly note?: ((what: string) => void) | undefined
}

const EXTRACT_FIRST: LimitAdvice = {
  hint: 'Extract the disk by other means, then create a new plan with it',
  remedy: 'new-plan',
}

const AT_ONCE = 256 * 1024

/** Zeros follow the end marker of an archive. They are read to the end, so that a decompressor around it verifies its checksum. */
const drain = async (input: TarInput): Promise<void> => {
  for (;;) {
    const chunk = await input.take(AT_ONCE)
    if (chunk.length === 0) return
    if (chunk.some((byte) => byte !== 0)) throw new ArchiveFault('unsupported', 'other data follows its end')
  }
}

/** Hashes of the digests that a member may be compared with: the known one, or those that manifests use if there is an OVF, whose manifest may come last. */
const createHashes = (digest: MemberDigest | null, { ovf }: Listing): ReadonlyMap<string, Hash> => {
  const algorithms = digest !== null ? [digest.algorithm] : ovf === null ? [] : ['sha1', 'sha256', 'sha512']
  return new Map(algorithms.map((algorithm) => [algorithm, createHasher(algorithm)]))
}

/** The bytes of one file of an archive. The archive is read to its end before the iteration ends, so that a second disk, a second file of that name or a wrong digest is an error. */
async function* readMember(
  input: TarInput,
  {
    member,
    isNamed,
    digest,
  }: { readonly member: string; readonly isNamed: boolean; readonly digest: MemberDigest | null },
  {
    maxBytes,
    advice,
    note,
  }: {
    readonly maxBytes: number
    readonly advice: LimitAdvice
    readonly note: ((what: string) => void) | undefined
  },
  site: ErrorSite,
): AsyncGenerator<Uint8Array> {
  const { add, listing } = createListingBuilder()
  let sums: ReadonlyMap<string, Hash> | null = null
  for await (const entry of readTarEntries(input)) {
    const isRead = await add(entry)
    if (sums !== null || entry.kind !== 'file' || entry.name !== member) continue
    if (entry.size > maxBytes) {
      const [size = '', allowed = ''] = formatSizes(entry.size, maxBytes)
      throw new ImageException(
        unsafeImage(site, {
          check: 'decompression_bomb',
          what: `${quoteName(member)} in the archive has ${size}, more than the ${allowed} allowed`,
          ...advice,
        }),
      )
    }
    if (isRead) throw new ArchiveFault('absent', `${quoteName(member)} describes the disk, but is not one`)
    const hashes = createHashes(digest, listing(false))
    for await (const chunk of entry.content()) {
      for (const hash of hashes.values()) hash.update(chunk)
      yield chunk
    }
    sums = hashes
  }
  await drain(input)
  const all = listing(true)
  const failure = checkManifest(all, member, site)
  if (failure !== null) throw new ImageException(failure)
  const chosen = chooseMember(all, isNamed ? member : null)
  if (sums === null || chosen.name !== member)
    throw new ArchiveFault(
      'other-disk',
      `the plan expects the disk ${quoteName(member)} in the archive, but it is ${quoteName(chosen.name)}`,
    )
  const actual = new Map([...sums].map(([algorithm, hash]) => [algorithm, hash.digest('hex')]))
  const declared = [
    ...(digest === null ? [] : [digest]),
    ...all.manifest.filter(({ file, kind }) => file === member && kind === 'digest'),
  ]
  for (const { algorithm, value } of declared) {
    const found = actual.get(algorithm)
    if (found !== undefined && found !== value)
      throw new ImageException(digestMismatch(site, member, algorithm, value, found))
  }
  const compared = declared.flatMap(({ algorithm }) => (actual.has(algorithm) ? [algorithm] : []))
  for (const what of findUncompared(all, member, compared)) note?.(what)
}

/** Reads the first bytes of a stream. `all`: the stream including those. */
const peek = async (
  bytes: AsyncGenerator<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> => {
  const first: Uint8Array[] = []
  let length = 0
  while (length < COMPRESSION_HEAD_LENGTH) {
    const result = await bytes.next()
    if (result.done === true) break
    first.push(result.value)
    length += result.value.length
  }
  const queue = [...first]
  const next = async (): Promise<Uint8Array | null> => {
    const queued = queue.shift()
    if (queued !== undefined) return queued
    const result = await bytes.next()
    return result.done === true ? null : result.value
  }
  return {
    head: Buffer.concat(first),
    all: toIterable({ next, close: async () => void (await bytes.return(undefined)) }),
  }
}

const openBytes = async (
  bytes: ByteSource,
  signal: AbortSignalLike | undefined,
): Promise<AsyncIterable<Uint8Array>> => {
  const opened = await bytes.open(undefined, signal)()
  if (E.isLeft(opened)) throw new ImageException(opened.left)
  return opened.right
}

/** The chosen member and its digest. If they are not known yet, the archive is read for them. */
const resolveChoice = async (
  outer: ByteSource,
  { member, digest, isNamed, compression }: MemberChoice,
  site: ErrorSite,
  signal: AbortSignalLike | undefined,
): Promise<Parameters<typeof readMember>[1]> => {
  if (member !== null && !isNamed) return { member, isNamed, digest }
  const input =
    compression === null && outer.size !== null
      ? createSeekingInput(outer, outer.size, signal)
      : createStreamInput(await openBytes(outer, signal))
  try {
    const listing = await listTar(input)
    const failure = checkManifest(listing, null, site)
    if (failure !== null) throw new ImageException(failure)
    const chosen = chooseMember(listing, member)
    return { member: chosen.name, isNamed, digest: digest ?? findMemberDigest(listing, chosen) }
  } finally {
    await input.close()
  }
}

/**
 * The bytes of the disk in a tar archive, decompressed if it is compressed itself. Streams one member; creates no files from entries.
 *
 * Errors while reading: `IntegrityFailed` for an archive that is truncated or damaged, or a disk or an OVF with another digest than in the manifest; `Rejected` for one whose disk
 * is missing or ambiguous, or that is not supported; `UnsafeImage` (`decompression_bomb`) for more than `maxBytes` bytes.
 */
export const extract = (
  archive: ByteSource,
  choice: MemberChoice,
  { maxBytes, advice = EXTRACT_FIRST, note }: ExtractionOptions,
  site: ErrorSite,
): ByteSource => ({
  size: null,
  open: (range, signal) => async () => {
    if (range !== undefined && (range.start !== 0 || range.end !== null))
      return E.left(rejected(site, { what: 'a file in an archive can only be read from its beginning' }))
    const limit = maxBytes ?? DEFAULT_DECOMPRESSION_LIMITS.bytes ?? Number.MAX_SAFE_INTEGER
    const outer =
      choice.compression === null
        ? archive
        : decompress(archive, choice.compression, DEFAULT_DECOMPRESSION_LIMITS, site)
    let input: TarInput | null = null
    try {
      const wanted = await resolveChoice(outer, choice, site, signal)
      input = createStreamInput(await openBytes(outer, signal))
      const { head, all } = await peek(readMember(input, wanted, { maxBytes: limit, advice, note }, site))
      const kind = detectCompression(head)
      const inner =
        kind === null
          ? all
          : await openBytes(
              decompress(
                { size: null, open: () => async () => E.right(all) },
                kind,
                { ...DEFAULT_DECOMPRESSION_LIMITS, bytes: limit, advice },
                site,
              ),
              signal,
            )
      const iterator = inner[Symbol.asyncIterator]()
      const { close } = input
      return E.right(
        toIterable({
          next: async () => {
            try {
              const result = await iterator.next()
              return result.done === true ? null : result.value
            } catch (thrown) {
              throw toException(site, thrown)
            }
          },
          close: async () => {
            await iterator.return?.()
            await close()
          },
        }),
      )
    } catch (thrown) {
      await input?.close()
      const error = toException(site, thrown)
      if (ImageException.is(error)) return E.left(error.error)
      throw error
    }
  },
})
