import { ImageException, type ByteSource, type ErrorSite } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { ArchiveFault } from '../archive/fault.ts'
import { chooseMember, findMemberDigest, createListingBuilder, type Listing, type Member } from '../archive/listing.ts'
import { checkManifest } from '../archive/manifest-check.ts'
import type { TarInput } from '../archive/tar-input.ts'
import { readTarEntries, type TarEntry } from '../archive/tar.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS } from '../decompress/decompress.ts'
import { detectCompression, type CompressionKind } from '../decompress/kind.ts'
import { inspectHead } from './inspect-head.ts'
import type { InspectSourceOptions } from './inspect-source-options.ts'
import { HEAD_BYTES, BudgetSpent, readFirst, openBytes } from './read-budget.ts'
import type { ArchiveFacts, SourceFacts } from './source-facts.ts'

/** The number of files in an archive whose first bytes are kept. */
const MAX_HEADS = 16

const decompressBytes = (bytes: Uint8Array, kind: CompressionKind, site: ErrorSite): ByteSource => {
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
    if (entry.kind === 'file' && !heads.has(entry.name) && heads.size < MAX_HEADS)
      heads.set(entry.name, await readFirst(entry.content(), HEAD_BYTES))
  }
  try {
    for await (const entry of readTarEntries(input)) await visit(entry)
    return { listing: listing(true), heads }
  } catch (thrown) {
    if (!(thrown instanceof BudgetSpent)) throw thrown
    return { listing: listing(false), heads }
  }
}

const toFactsWithoutMember = (listing: Listing, fault: ArchiveFault | null): ArchiveFacts => ({
  ...toArchiveFacts(listing, null),
  problem: fault?.message ?? null,
  ...(fault === null || fault.advice === null ? {} : { advice: fault.advice }),
})

const toArchiveFacts = (listing: Listing, member: Member | null): ArchiveFacts => {
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
export const inspectArchive = async (
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
    return facts(toFactsWithoutMember(listing, isOpen ? null : thrown))
  }
  const failure = checkManifest(listing, chosen.name, site)
  if (failure !== null) throw new ImageException(failure)
  const archive = toArchiveFacts(listing, chosen)
  const head = heads.get(chosen.name)
  if (head === undefined) return facts(archive)
  const inner = detectCompression(head)
  if (inner === null) {
    const found = inspectHead(head, chosen.size)
    return { ...facts(archive), ...found, virtualSize: found.virtualSize ?? archive.capacity }
  }
  const found = inspectHead(
    await readFirst(await openBytes(decompressBytes(head, inner, site), undefined), HEAD_BYTES),
    null,
  )
  return { ...facts(archive), ...found, virtualSize: found.virtualSize ?? archive.capacity }
}
