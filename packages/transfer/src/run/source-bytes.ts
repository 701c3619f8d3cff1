import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import {
  conflict,
  forbidden,
  perform,
  rejected,
  createErrorSite,
  type ImageResult,
  type ByteSource,
  type Image,
  type ImageError,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { PlanSource } from '../plan/plan.ts'
import { toDiskError } from '../state/disk-error.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { toRunError, fileBytes } from './file-bytes.ts'
import { selectComparable } from './meter.ts'
import type { OpenedUrl } from './options.ts'
import { adviseNewPlan } from './resumable.ts'
import { retrying } from './retry.ts'

const changed = (what: string): ImageError =>
  conflict(TRANSFER_SITE, { what: `the source has changed since the move was planned: ${what}`, ...adviseNewPlan() })

type Kind<K extends PlanSource['kind']> = Extract<PlanSource, { readonly kind: K }>

const cloudOf = ({ ref: { provider, cloud, region } }: Kind<'image'>) => ({ provider, cloud, region })

/** When a file was last written to, in the spelling of a plan. */
const modifiedAt = (time: Date): string => time.toISOString()

/** A fingerprint of everything by which a source can be seen to be another, without reading its bytes. */
const versionFrom = (parts: Readonly<Record<string, string | number | null>>): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

const imageVersion = ({ status, size, digests, updatedAt }: Image): string =>
  versionFrom({
    status,
    bytes: size.stored,
    updated: updatedAt,
    ...Object.fromEntries(digests.map(({ algorithm, of, value }) => [`${algorithm} (${of})`, value])),
  })

/** Programs may set back when a file was written to, but not when its inode was changed. */
const fileVersion = ({ size, mtime, ctime }: Stats): string =>
  versionFrom({ bytes: size, written: modifiedAt(mtime), changed: modifiedAt(ctime) })

const urlVersion = ({ bytes, etag, lastModified = null }: OpenedUrl): string =>
  versionFrom({ bytes: bytes.size, etag, modified: lastModified })

/** It is noted what the source was when its bytes were read: should they be wrong, only another source is worth reading. */
const noteSeen = async ({ journal }: RunContext, version: string): Promise<void> => {
  if (journal.state().seen !== version) await journal.note({ entry: 'source-version', version })
}

const imageNow = (context: RunContext, source: Kind<'image'>): Promise<E.Either<ImageError, Image>> => {
  const { options, signal } = context
  return retrying(
    context,
    'download',
    pipe(
      options.openSource(cloudOf(source)),
      TE.flatMap((cloud) => cloud.get(source.ref.id, { signal })),
    ),
  )
}

/** `isNew`: the run has just begun, so that what was carried from the record must still be what it says. */
const imageChange = async (
  context: RunContext,
  source: Kind<'image'>,
  isNew: boolean,
): Promise<E.Either<ImageError, Image>> => {
  const found = await imageNow(context, source)
  if (E.isLeft(found)) return found
  await noteSeen(context, imageVersion(found.right))
  const { status, size, digests, updatedAt } = found.right
  if (status === 'unavailable')
    return E.left(
      forbidden(createErrorSite(source.ref, 'download'), {
        what: `image ${source.ref.id} is deactivated`,
        reason: 'deactivated',
      }),
    )
  if (status !== 'available') return E.left(changed(`it is ${status}`))
  if (size.stored !== source.size)
    return E.left(changed(`it has ${size.stored ?? 'no'} bytes, and had ${source.size ?? 'none'}`))
  for (const was of selectComparable(source.digests)) {
    const is = digests.find(
      (one) => one.of === 'stored' && one.algorithm === was.algorithm && one.assertedBy === was.assertedBy,
    )
    if (is !== undefined && is.value !== was.value)
      return E.left(changed(`its ${was.algorithm} is ${is.value}, and was ${was.value}`))
  }
  if (isNew && updatedAt !== source.updatedAt)
    return E.left(changed(`it was changed at ${updatedAt ?? 'an unknown time'}`))
  return found
}

const fileChange = async (
  context: RunContext,
  { path, size, modifiedAt: planned }: Kind<'file'>,
): Promise<E.Either<ImageError, number>> => {
  try {
    const found = await stat(path)
    if (!found.isFile()) return E.left(rejected(TRANSFER_SITE, { what: `${path} is no file`, hint: 'Check the path' }))
    if (size !== null && found.size !== size) return E.left(changed(`${path} has ${found.size} bytes, and had ${size}`))
    if (planned !== null && modifiedAt(found.mtime) !== planned)
      return E.left(changed(`${path} was written to at ${modifiedAt(found.mtime)}`))
    await noteSeen(context, fileVersion(found))
    return E.right(found.size)
  } catch (thrown) {
    const error = toDiskError(TRANSFER_SITE, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
}

/** Why the plan no longer fits its source; Right: it does, as far as can be seen: the image as it is now, `null` where the source is none. */
export const checkUnchanged = async (
  context: RunContext,
  isNew: boolean,
): Promise<E.Either<ImageError, Image | null>> => {
  const { source } = context.plan
  if (source.kind === 'image') return imageChange(context, source, isNew)
  if (source.kind === 'file') return E.map(() => null)(await fileChange(context, source))
  return E.right(null)
}

const noUrls = rejected(TRANSFER_SITE, { what: 'this move is from a URL, and nobody here opens URLs' })

/** It is noted where the URL led, when that is elsewhere than before. */
const noteFound = async (context: RunContext, asked: string, opened: OpenedUrl): Promise<void> => {
  const { journal, emit } = context
  const { finalUrl: found } = opened
  await noteSeen(context, urlVersion(opened))
  if (found === undefined || found === (journal.state().found ?? asked)) return
  await journal.note({ entry: 'redirected', url: found })
  emit({ event: 'note', what: `the bytes come from ${found}` })
}

/** The bytes of the plan's source, opened anew: a URL must still be what it was. `onContentType`: what its server calls them. */
export const openSourceBytes = (
  context: RunContext,
  onContentType: (type: string | null) => void = () => undefined,
): ImageResult<ByteSource> => {
  const {
    run,
    plan: { source },
    options,
    signal,
    emit,
  } = context
  if (source.kind === 'image') {
    return pipe(
      options.openSource(cloudOf(source)),
      TE.flatMap((cloud) =>
        perform(cloud, 'download', source.ref.id, {
          run,
          onStep: (what) => emit({ event: 'note', what }),
          signal,
          verifiedByCaller: source.exact && selectComparable(source.digests).length > 0,
        }),
      ),
    )
  }
  if (source.kind === 'file') {
    return pipe(
      (): Promise<E.Either<ImageError, number>> => fileChange(context, source),
      TE.map((size) => fileBytes(source.path, size, TRANSFER_SITE)),
    )
  }
  if (options.openUrl === undefined) return TE.left(noUrls)
  return pipe(
    options.openUrl(source.url, { signal }),
    TE.tapIO((opened) => () => noteFound(context, source.url, opened)),
    TE.flatMapEither(({ bytes, etag, contentType = null }) => {
      onContentType(contentType)
      if (source.etag !== null && etag !== null && etag !== source.etag)
        return E.left(changed('the server gives another ETag'))
      if (source.size !== null && bytes.size !== null && bytes.size !== source.size)
        return E.left(changed(`the URL gives ${bytes.size} bytes, and gave ${source.size}`))
      return E.right(bytes)
    }),
  )
}

/** What the source is now, as far as can be seen without reading its bytes. Changes with it. */
export const readSourceVersion = async (context: RunContext): Promise<E.Either<ImageError, string>> => {
  const {
    options,
    plan: { source },
    signal,
  } = context
  if (source.kind === 'image') return E.map(imageVersion)(await imageNow(context, source))
  if (source.kind === 'url')
    return options.openUrl === undefined
      ? E.left(noUrls)
      : E.map(urlVersion)(await options.openUrl(source.url, { signal })())
  try {
    return E.right(fileVersion(await stat(source.path)))
  } catch (thrown) {
    return E.left(toRunError(TRANSFER_SITE, thrown))
  }
}
