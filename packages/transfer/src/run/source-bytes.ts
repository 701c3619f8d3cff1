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
  conflict(TRANSFER_SITE, {
    what: `the source has changed since the transfer was planned: ${what}`,
    ...adviseNewPlan(),
  })

type Kind<K extends PlanSource['kind']> = Extract<PlanSource, { readonly kind: K }>

const pickCloud = ({ ref: { provider, cloud, region } }: Kind<'image'>) => ({ provider, cloud, region })

/** A modification time as plans store it. */
const formatTime = (time: Date): string => time.toISOString()

/** A fingerprint of everything that shows a changed source without reading its bytes. */
const computeVersion = (parts: Readonly<Record<string, string | number | null>>): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

const imageVersion = ({ status, size, digests, updatedAt }: Image): string =>
  computeVersion({
    status,
    bytes: size.stored,
    updated: updatedAt,
    ...Object.fromEntries(digests.map(({ algorithm, of, value }) => [`${algorithm} (${of})`, value])),
  })

/** Programs can set the modification time, but not the change time of the inode. */
const fileVersion = ({ size, mtime, ctime }: Stats): string =>
  computeVersion({ bytes: size, written: formatTime(mtime), changed: formatTime(ctime) })

const urlVersion = ({ bytes, etag, lastModified = null }: OpenedUrl): string =>
  computeVersion({ bytes: bytes.size, etag, modified: lastModified })

/** Records the version of the source: if its bytes are wrong, it is read again only when the version changes. */
const recordVersion = async ({ journal }: RunContext, version: string): Promise<void> => {
  if (journal.state().sourceVersion !== version) await journal.note({ entry: 'source-version', version })
}

const readImage = (context: RunContext, source: Kind<'image'>): Promise<E.Either<ImageError, Image>> => {
  const { options, signal } = context
  return retrying(
    context,
    'download',
    pipe(
      options.openSource(pickCloud(source)),
      TE.flatMap((cloud) => cloud.get(source.ref.id, { signal })),
    ),
  )
}

/** `isNew`: the run has just started, so the metadata must not have changed either. */
const checkImage = async (
  context: RunContext,
  source: Kind<'image'>,
  isNew: boolean,
): Promise<E.Either<ImageError, Image>> => {
  const found = await readImage(context, source)
  if (E.isLeft(found)) return found
  await recordVersion(context, imageVersion(found.right))
  const { status, size, digests, updatedAt } = found.right
  if (status === 'unavailable')
    return E.left(
      forbidden(createErrorSite(source.ref, 'download'), {
        what: `image ${source.ref.id} is deactivated`,
        reason: 'deactivated',
        hint: 'Reactivate the image first',
      }),
    )
  if (status !== 'available') return E.left(changed(`its status is ${status}`))
  if (size.stored !== source.size)
    return E.left(
      changed(
        `its size was ${source.size ?? 'unknown'}, and is ${size.stored === null ? 'unknown' : `${size.stored} bytes`}`,
      ),
    )
  for (const was of selectComparable(source.digests)) {
    const is = digests.find(
      (one) => one.of === 'stored' && one.algorithm === was.algorithm && one.assertedBy === was.assertedBy,
    )
    if (is !== undefined && is.value !== was.value)
      return E.left(changed(`its ${was.algorithm} digest was ${was.value}, and is ${is.value}`))
  }
  if (isNew && updatedAt !== source.updatedAt)
    return E.left(changed(`it was updated at ${updatedAt ?? 'an unknown time'}`))
  return found
}

const checkFile = async (
  context: RunContext,
  { path, size, modifiedAt: planned }: Kind<'file'>,
): Promise<E.Either<ImageError, number>> => {
  try {
    const found = await stat(path)
    if (!found.isFile())
      return E.left(rejected(TRANSFER_SITE, { what: `not a regular file: ${path}`, hint: 'Check the path' }))
    if (size !== null && found.size !== size)
      return E.left(changed(`the size of ${path} was ${size}, and is ${found.size} bytes`))
    if (planned !== null && formatTime(found.mtime) !== planned)
      return E.left(changed(`${path} was modified at ${formatTime(found.mtime)}`))
    await recordVersion(context, fileVersion(found))
    return E.right(found.size)
  } catch (thrown) {
    const error = toDiskError(TRANSFER_SITE, thrown)
    if (error === null) throw thrown
    return E.left(error)
  }
}

/** Checks that the source has not changed since the plan was created. Right: the image as it is now; `null`: the source is not an image. */
export const checkUnchanged = async (
  context: RunContext,
  isNew: boolean,
): Promise<E.Either<ImageError, Image | null>> => {
  const { source } = context.plan
  if (source.kind === 'image') return checkImage(context, source, isNew)
  if (source.kind === 'file') return E.map(() => null)(await checkFile(context, source))
  return E.right(null)
}

const noUrls = rejected(TRANSFER_SITE, { what: 'transfers from URLs need the option openUrl' })

/** Records the URL after redirects, if it has changed. */
const recordRedirect = async (context: RunContext, requested: string, opened: OpenedUrl): Promise<void> => {
  const { journal, emit } = context
  const { finalUrl: found } = opened
  await recordVersion(context, urlVersion(opened))
  if (found === undefined || found === (journal.state().redirectedTo ?? requested)) return
  await journal.note({ entry: 'redirected', url: found })
  emit({ event: 'note', what: `downloading from ${found}` })
}

/** Opens the bytes of the plan's source, which must not have changed. `onContentType` gets the content type of a URL. */
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
      options.openSource(pickCloud(source)),
      TE.flatMap((cloud) =>
        perform(cloud, 'download', source.ref.id, {
          run,
          epoch: context.journal.epoch,
          onStep: (what) => emit({ event: 'note', what }),
          signal,
          verifiedByCaller: source.exact && selectComparable(source.digests).length > 0,
        }),
      ),
    )
  }
  if (source.kind === 'file') {
    return pipe(
      (): Promise<E.Either<ImageError, number>> => checkFile(context, source),
      TE.map((size) => fileBytes(source.path, size, TRANSFER_SITE)),
    )
  }
  if (options.openUrl === undefined) return TE.left(noUrls)
  return pipe(
    options.openUrl(source.url, { signal }),
    TE.tapIO((opened) => () => recordRedirect(context, source.url, opened)),
    TE.flatMapEither(({ bytes, etag, contentType = null }) => {
      onContentType(contentType)
      if (source.etag !== null && etag !== null && etag !== source.etag) return E.left(changed('its ETag differs'))
      if (source.size !== null && bytes.size !== null && bytes.size !== source.size)
        return E.left(changed(`its size was ${source.size}, and is ${bytes.size} bytes`))
      return E.right(bytes)
    }),
  )
}

/** A fingerprint of the source's current version, without reading its bytes. */
export const readSourceVersion = async (context: RunContext): Promise<E.Either<ImageError, string>> => {
  const {
    options,
    plan: { source },
    signal,
  } = context
  if (source.kind === 'image') return E.map(imageVersion)(await readImage(context, source))
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
