import { ImageException, type ByteSource, type ImageError } from '@imago/core'
import { inspectRanges, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { toArchiveError } from '../archive/archive-error.ts'
import { ArchiveFault } from '../archive/fault.ts'
import { createSeekingInput, createStreamInput } from '../archive/tar-input.ts'
import { isTar } from '../archive/tar.ts'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS } from '../decompress/decompress.ts'
import { detectCompression } from '../decompress/kind.ts'
import { checkSafety } from '../safety/check-safety.ts'
import { inspectArchive } from './inspect-archive.ts'
import { inspectHead } from './inspect-head.ts'
import type { InspectSourceOptions } from './inspect-source-options.ts'
import { HEAD_BYTES, FIRST_BYTES, limitInput, readFirst, openBytes } from './read-budget.ts'
import type { SourceFacts } from './source-facts.ts'

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

const inspect = async (bytes: ByteSource, options: InspectSourceOptions): Promise<SourceFacts> => {
  const { site, signal, isSeekable, maxBytes } = options
  const first = await readFirst(
    await openBytes(bytes, signal, bytes.size === null ? FIRST_BYTES : Math.min(FIRST_BYTES, bytes.size)),
    FIRST_BYTES,
  )
  const compression = options.compression === 'none' ? null : detectCompression(first)
  if (compression !== null) {
    const inside = decompress(bytes, compression, DEFAULT_DECOMPRESSION_LIMITS, site)
    const head = await readFirst(await openBytes(inside, signal), Math.min(HEAD_BYTES, maxBytes))
    if (!isTar(head) || options.archive === 'none')
      return { compression, archive: null, ...inspectHead(head, null), refusal: null }
    const input = createStreamInput(await openBytes(inside, signal))
    try {
      return await inspectArchive(limitInput(input, maxBytes, false), compression, options)
    } finally {
      await input.close()
    }
  }
  if (isTar(first) && options.archive !== 'none') {
    const input =
      isSeekable && bytes.size !== null
        ? createSeekingInput(bytes, bytes.size, signal)
        : createStreamInput(await openBytes(bytes, signal))
    try {
      return await inspectArchive(limitInput(input, maxBytes, isSeekable), null, options)
    } finally {
      await input.close()
    }
  }
  const { size } = bytes
  if (!isSeekable || size === null) return { compression, archive: null, ...inspectHead(first, size), refusal: null }
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const opened = await bytes.open({ start, end }, signal)()
    if (E.isLeft(opened)) throw new ImageException(opened.left)
    return readFirst(opened.right, end - start)
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
