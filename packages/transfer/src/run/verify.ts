import {
  integrityFailed,
  perform,
  createErrorSite,
  type ByteSource,
  type Digest,
  type ErrorSite,
  type Image,
  type ImageError,
  type ImageSource,
  type VerificationLevel,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Plan } from '../plan/plan.ts'
import { beginStep, TRANSFER_SITE, createProgress, type RunContext } from './context.ts'
import type { UploadedImage } from './uploaded-image.ts'
import { computeDigest, toRunError, fileBytes } from './file-bytes.ts'
import { satisfies, strongest } from './levels.ts'
import { selectAlgorithm, selectComparable } from './meter.ts'
import type { StagedImage } from './staged-image.ts'
import { retrying } from './retry.ts'

/** The digest of the bytes that were sent: known from staging, or computed now with the target's algorithm. */
const computeSentDigest = async (
  { path, ready }: StagedImage,
  algorithm: string,
): Promise<E.Either<ImageError, string>> => {
  const known = ready.digests[algorithm]
  if (known !== undefined) return E.right(known)
  const opened = await fileBytes(path, ready.size, TRANSFER_SITE).open()()
  if (E.isLeft(opened)) return opened
  try {
    return E.right((await computeDigest(opened.right, algorithm)).digest)
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}

const differs = (site: ErrorSite, algorithm: string, expected: string, actual: string): ImageError =>
  integrityFailed(site, {
    what: 'the new image differs from what was sent',
    hint: 'Resume to send it again',
    expected: `${algorithm}:${expected}`,
    actual: `${algorithm}:${actual}`,
  })

/** Downloads the new image, and compares it. Beyond the bytes that were sent, a disk may only have zeros. */
export const readBack = async (
  context: RunContext,
  site: ErrorSite,
  bytes: ByteSource,
  { ready }: StagedImage,
): Promise<E.Either<ImageError, void>> => {
  const algorithm = selectAlgorithm(Object.keys(ready.digests))
  const expected = ready.digests[algorithm] ?? ''
  const opened = await bytes.open({ start: 0, end: ready.size }, context.signal)()
  if (E.isLeft(opened)) return opened
  const onProgress = createProgress(context, 'verify', ready.size)
  let read = 0
  async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      read += chunk.length
      onProgress(read)
      yield chunk
    }
  }
  try {
    const { digest } = await computeDigest(counted(opened.right), algorithm)
    return digest === expected ? E.right(undefined) : E.left(differs(site, algorithm, expected, digest))
  } catch (thrown) {
    return E.left(toRunError(site, thrown))
  }
}

const readBackImage = (
  context: RunContext,
  source: ImageSource,
  image: Image,
  staged: StagedImage,
): Promise<E.Either<ImageError, void>> =>
  retrying(context, 'verify', async () => {
    const bytes = await perform(source, 'download', image.ref.id, {
      signal: context.signal,
      run: context.run,
      epoch: context.journal.epoch,
      verifiedByCaller: true,
    })()
    return E.isLeft(bytes) ? bytes : readBack(context, createErrorSite(source.cloud, 'verify'), bytes.right, staged)
  })

/** The weakest verification level that is accepted. */
export const acceptedLevel = ({ target }: Plan, required: VerificationLevel | undefined): VerificationLevel =>
  required ?? (target.kind === 'file' ? 'digest-declared' : 'digest-match')

const findDigest = ({ digests }: Image, ready: StagedImage['ready']): Digest | undefined => {
  const all = selectComparable(digests.filter(({ assertedBy }) => assertedBy === 'provider'))
  return all.find(({ algorithm }) => ready.digests[algorithm] !== undefined) ?? all[0]
}

/** Verifies the new image, and returns the level reached. `IntegrityFailed`: it differs, or the level is weaker than required. */
export const verifyImage = async (
  context: RunContext,
  source: ImageSource,
  { image, verified }: UploadedImage,
  staged: StagedImage,
): Promise<E.Either<ImageError, VerificationLevel>> => {
  const { plan, options, journal, emit } = context
  const { ready } = staged
  const site = createErrorSite(source.cloud, 'verify')
  const required = acceptedLevel(plan, options.accept)
  await beginStep(context, 'verify')
  const settle = async (level: VerificationLevel): Promise<E.Either<ImageError, VerificationLevel>> => {
    await journal.note({ entry: 'verified', level })
    emit({ event: 'step-done', step: 'verify', bytes: null })
    return E.right(level)
  }
  const own = findDigest(image, ready)
  if (own !== undefined) {
    const expected = await computeSentDigest(staged, own.algorithm)
    if (E.isLeft(expected)) return expected
    return expected.right === own.value.toLowerCase()
      ? settle('digest-match')
      : E.left(differs(site, own.algorithm, expected.right, own.value))
  }
  const isUpload = plan.target.kind === 'cloud' && plan.target.by === 'upload'
  const stored = isUpload ? image.size.stored : null
  if (stored !== null && stored !== ready.size)
    return E.left(
      integrityFailed(site, {
        what: 'the size of the new image differs from what was sent',
        hint: 'Resume to send it again',
        expected: `${ready.size} bytes`,
        actual: `${stored} bytes`,
      }),
    )
  const bySize: VerificationLevel = stored === null ? 'unverified' : 'size-match'
  const known = strongest(verified ?? 'unverified', ready.declared && stored !== null ? 'digest-declared' : bySize)
  if (satisfies(known, required)) return settle(known)
  if (source.download !== undefined) {
    const back = await readBackImage(context, source, image, staged)
    return E.isLeft(back) ? back : settle('digest-match')
  }
  return E.left(
    integrityFailed(site, {
      what: 'the target has no digest and does not support downloads',
      hint: `Accept the verification level ${known}`,
      changes: [{ parameter: 'accept', values: [known] }],
      expected: required,
      actual: known,
    }),
  )
}
