import { ImageException, integrityFailed, rejected, unsafeImage, type AbortSignalLike, type ByteSource, type ErrorSite, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Hash } from 'node:crypto'
import { createHasher } from '../bytes/digest.ts'
import { toIterable } from '../bytes/to-iterable.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS } from '../decompress/decompress.ts'
import { COMPRESSION_HEAD_LENGTH, detectCompression, type CompressionKind } from '../decompress/kind.ts'
import { ArchiveFault, quoteName } from './fault.ts'
import { chooseMember, findMemberDigest, createListingBuilder, listTar, type Listing } from './listing.ts'
import { digestMismatch, checkManifest, findUncompared } from './manifest-check.ts'
import { readTarEntries } from './tar.ts'
import { createSeekingInput, createStreamInput, type TarInput } from './tar-input.ts'

/** A digest of a member, as the archive's manifest says it. */
export interface MemberDigest {
  readonly algorithm: string
  /** In lower-case hex. */
  readonly value: string
}

/** Which file of an archive is meant. */
export interface MemberChoice {
  /** How the archive itself is compressed. */
  readonly compression: CompressionKind | null
  /** `null`: the only disk in it. */
  readonly member: string | null
  /** Whether it was asked for by name: else it must be the only disk in the archive. */
  readonly isNamed: boolean
  /** `null`: none is known yet; the manifest is asked. */
  readonly digest: MemberDigest | null
}

/** How much may come out of an archive, and who hears of it. */
export interface ExtractionOptions {
  /** Bytes, after which it is taken for a bomb; `null`: the usual limit. */
  readonly most: number | null
  /** Hears, in words, of digests in the manifest that nothing could be compared with. */
  readonly note?: ((what: string) => void) | undefined
}

/** An archive's fault, as an error. */
export const toArchiveError = (site: ErrorSite, { kind, message, advice }: ArchiveFault): ImageError => {
  const again = 'Fetch or make it again, then make a new plan'
  switch (kind) {
    case 'foreign':
      return rejected(site, { what: `this is not a tar archive: ${message}`, hint: 'Make a new plan, with --archive none if it is not meant to be an archive', remedy: 'new-plan' })
    case 'truncated':
      return integrityFailed(site, { what: `the archive is cut short: ${message}`, expected: 'a whole archive', actual: 'a part of one', hint: again })
    case 'damaged':
      return integrityFailed(site, { what: `the archive is damaged: ${message}`, expected: 'a sound archive', actual: 'a damaged one', hint: again })
    case 'unsupported':
      return rejected(site, { what: `the archive cannot be read: ${message}`, hint: 'Make a new plan of the disk in it, once it is unpacked by other means', remedy: 'new-plan' })
    case 'absent':
      return rejected(site, { what: `the disk is not in the archive: ${message}`, hint: advice ?? 'Make a new plan with --member NAME, if one of these files is the disk', remedy: 'new-plan' })
    case 'choice':
      return rejected(site, { what: `the archive does not say which disk is meant: ${message}`, hint: advice ?? 'Make a new plan with --member NAME', remedy: 'new-plan' })
  }
}

const explained = (site: ErrorSite, thrown: unknown): unknown => (thrown instanceof ArchiveFault ? new ImageException(toArchiveError(site, thrown)) : thrown)

const AT_ONCE = 256 * 1024

/** After its end marker an archive is filled up with zeros. The rest is read, so that a compression around it can check its sums. */
const drain = async (input: TarInput): Promise<void> => {
  for (;;) {
    const chunk = await input.take(AT_ONCE)
    if (chunk.length === 0) return
    if (chunk.some((byte) => byte !== 0)) throw new ArchiveFault('unsupported', 'after its end, something else follows')
  }
}

/** What a member may be compared with: what is known before, or, where there is an OVF and its manifest may come last, what manifests use. */
const hashesFor = (digest: MemberDigest | null, { ovf }: Listing): ReadonlyMap<string, Hash> => {
  const algorithms = digest !== null ? [digest.algorithm] : ovf === null ? [] : ['sha1', 'sha256', 'sha512']
  return new Map(algorithms.map((algorithm) => [algorithm, createHasher(algorithm)]))
}

/** The bytes of one file of an archive, which is read to its end: a second disk, a second file of that name, a digest that differs are found before the last of them is given. */
async function* contentOf(input: TarInput, { member, isNamed, digest }: { readonly member: string; readonly isNamed: boolean; readonly digest: MemberDigest | null }, { most, note }: { readonly most: number; readonly note: ((what: string) => void) | undefined }, site: ErrorSite): AsyncGenerator<Uint8Array> {
  const { add, listing } = createListingBuilder()
  let sums: ReadonlyMap<string, Hash> | null = null
  for await (const entry of readTarEntries(input)) {
    const isRead = await add(entry)
    if (sums !== null || entry.kind !== 'file' || entry.name !== member) continue
    if (entry.size > most) throw new ImageException(unsafeImage(site, { check: 'decompression_bomb', what: `${quoteName(member)} in the archive has ${entry.size} bytes, more than the ${most} that are allowed`, hint: 'If the image is meant to be so large, raise the limit' }))
    if (isRead) throw new ArchiveFault('absent', `${quoteName(member)} describes the disk, and is none`)
    const hashes = hashesFor(digest, listing(false))
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
  if (sums === null || chosen.name !== member) throw new ArchiveFault('choice', `the disk in it is ${quoteName(chosen.name)}, and not ${quoteName(member)}`)
  const actual = new Map([...sums].map(([algorithm, hash]) => [algorithm, hash.digest('hex')]))
  const declared = [...(digest === null ? [] : [digest]), ...all.manifest.filter(({ file, kind }) => file === member && kind === 'digest')]
  for (const { algorithm, value } of declared) {
    const found = actual.get(algorithm)
    if (found !== undefined && found !== value) throw new ImageException(digestMismatch(site, member, algorithm, value, found))
  }
  const compared = declared.flatMap(({ algorithm }) => (actual.has(algorithm) ? [algorithm] : []))
  for (const what of findUncompared(all, member, compared)) note?.(what)
}

/** The same bytes; those of them that were looked at come first again. */
const peeked = async (bytes: AsyncGenerator<Uint8Array>): Promise<{ readonly head: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> => {
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
    const held = queue.shift()
    if (held !== undefined) return held
    const result = await bytes.next()
    return result.done === true ? null : result.value
  }
  return { head: Buffer.concat(first), all: toIterable({ next, close: async () => void (await bytes.return(undefined)) }) }
}

const opened = async (bytes: ByteSource, signal: AbortSignalLike | undefined): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await bytes.open(undefined, signal)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

/** The member that the choice means, and its digest: the archive is read for it where it is not known yet. */
const resolved = async (outer: ByteSource, { member, digest, isNamed, compression }: MemberChoice, site: ErrorSite, signal: AbortSignalLike | undefined): Promise<Parameters<typeof contentOf>[1]> => {
  if (member !== null && !isNamed) return { member, isNamed, digest }
  const input = compression === null && outer.size !== null ? createSeekingInput(outer, outer.size, signal) : createStreamInput(await opened(outer, signal))
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
 * The bytes of the disk in a tar archive. Nothing of the archive becomes a file, whatever its entries are called: one member is streamed, decompressed if it is.
 *
 * Errors, while it is read: `IntegrityFailed` for an archive that is cut short or damaged, or a disk or an OVF without the digest of its manifest; `Rejected` for one whose disk
 * cannot be told, or that cannot be read here; `UnsafeImage`, `decompression_bomb`, for more than `most` bytes.
 */
export const extract = (archive: ByteSource, choice: MemberChoice, { most, note }: ExtractionOptions, site: ErrorSite): ByteSource => ({
  size: null,
  open: (range, signal) => async () => {
    if (range !== undefined && (range.start !== 0 || range.end !== null)) return E.left(rejected(site, { what: 'a file in an archive is read from its beginning' }))
    const limit = most ?? DEFAULT_DECOMPRESSION_LIMITS.bytes ?? Number.MAX_SAFE_INTEGER
    const outer = choice.compression === null ? archive : decompress(archive, choice.compression, DEFAULT_DECOMPRESSION_LIMITS, site)
    let input: TarInput | null = null
    try {
      const wanted = await resolved(outer, choice, site, signal)
      input = createStreamInput(await opened(outer, signal))
      const { head, all } = await peeked(contentOf(input, wanted, { most: limit, note }, site))
      const kind = detectCompression(head)
      const inner = kind === null ? all : await opened(decompress({ size: null, open: () => async () => E.right(all) }, kind, { ...DEFAULT_DECOMPRESSION_LIMITS, bytes: limit }, site), signal)
      const iterator = inner[Symbol.asyncIterator]()
      const { close } = input
      return E.right(
        toIterable({
          next: async () => {
            try {
              const result = await iterator.next()
              return result.done === true ? null : result.value
            } catch (thrown) {
              throw explained(site, thrown)
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
      const error = explained(site, thrown)
      if (ImageException.is(error)) return E.left(error.error)
      throw error
    }
  },
})
