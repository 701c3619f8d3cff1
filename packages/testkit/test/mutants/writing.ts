import {
  createByteSource,
  conflict,
  forbidden,
  rejected,
  createErrorSite,
  unavailable,
  type Image,
  type ImageSource,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createSubject } from './subject.ts'
import { overriding, type Mutant } from './wrap.ts'

/** Fails if the image already has the requested state. */
const onlyOnce =
  (name: 'protect' | 'hide', isAlready: (image: Image) => boolean | null) =>
  (source: ImageSource): ImageSource =>
    overriding((all) => ({
      [name]: (id: string, asked: boolean) =>
        pipe(
          all.get(id),
          TE.flatMap((image) =>
            isAlready(image) === asked
              ? TE.left(conflict(createErrorSite(all.cloud, name), { what: 'it is so already' }))
              : all[name](id, asked),
          ),
        ),
    }))(source)

/** Sources that change, fill or share images wrongly. */
export const WRITING_MUTANTS: readonly Mutant[] = [
  { does: 'returns another owner', breaks: 'owner', wrap: overriding(() => ({ owner: () => TE.right('somebody') })) },
  { does: 'deletes nothing', breaks: 'delete', wrap: overriding(() => ({ delete: () => TE.right(undefined) })) },
  {
    does: 'protects nothing',
    breaks: 'protect',
    wrap: overriding((source) => ({
      protect: (id, isProtected) =>
        pipe(
          source.get(id),
          TE.map((image) => ({ ...image, protected: isProtected })),
        ),
    })),
  },
  {
    does: 'reports a hidden image without hiding it',
    breaks: 'hide',
    wrap: overriding((source) => ({
      hide: (id, hidden) =>
        pipe(
          source.get(id),
          TE.map((image) => ({ ...image, hidden })),
        ),
    })),
  },
  {
    does: 'drops entries that are not named',
    breaks: 'update',
    wrap: overriding((source) => ({
      update: (id, changes) =>
        pipe(
          source.get(id),
          TE.flatMap(({ labels }) =>
            source.update(id, {
              ...changes,
              ...(changes.labels === undefined
                ? {}
                : {
                    labels: { ...Object.fromEntries(Object.keys(labels).map((key) => [key, null])), ...changes.labels },
                  }),
            }),
          ),
        ),
    })),
  },
  {
    does: 'drops tags that are not named',
    breaks: 'update',
    wrap: overriding((source) => ({
      update: (id, changes, options) =>
        source.update(
          id,
          { ...changes, ...(changes.tags !== undefined && 'add' in changes.tags ? { tags: changes.tags.add } : {}) },
          options,
        ),
    })),
  },
  {
    does: 'changes more than requested',
    breaks: 'update',
    wrap: overriding((source) => ({
      update: (id, changes) => source.update(id, { ...changes, description: `${Object.keys(changes).join()} changed` }),
    })),
  },
  {
    does: 'changes the first bytes',
    breaks: 'upload',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) =>
        source.upload(id, { ...bytes, open: () => createByteSource(new Uint8Array(bytes.size ?? 0)).open() }, options),
    })),
  },
  {
    does: 'ignores ranges',
    breaks: 'download',
    wrap: overriding((source) => ({
      download: (id, options) =>
        pipe(
          source.download(id, options),
          TE.map((bytes) => ({ ...bytes, open: () => bytes.open() })),
        ),
    })),
  },
  {
    does: 'overwrites data',
    breaks: 'upload-once',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) =>
        pipe(
          source.upload(id, bytes, options),
          TE.orElse((error) => (error._tag === 'Conflict' ? source.get(id) : TE.left(error))),
        ),
    })),
  },
  {
    does: 'drops requested tags of a new image',
    breaks: 'create',
    wrap: overriding((source) => ({ create: (request, options) => source.create({ ...request, tags: [] }, options) })),
  },
  {
    does: 'reports decreasing progress',
    breaks: 'upload',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) =>
        pipe(
          source.upload(id, bytes, options),
          TE.tapIO(() => () => options?.onProgress?.(1)),
        ),
    })),
  },
  {
    does: 'deactivates nothing',
    breaks: 'deactivate',
    wrap: overriding((source) => ({
      deactivate: (id, isDeactivated) =>
        pipe(
          source.get(id),
          TE.map((image) => ({ ...image, status: isDeactivated ? 'unavailable' : 'available' })),
        ),
    })),
  },
  {
    does: 'supports only one visibility',
    breaks: 'visibility',
    wrap: overriding((source) => ({ setVisibility: (id, _, options) => source.setVisibility(id, 'private', options) })),
  },
  {
    does: 'returns Rejected for a forbidden visibility',
    breaks: 'visibility-forbidden',
    wrap: overriding((source) => ({
      setVisibility: (id, visibility, options) =>
        visibility === 'public'
          ? TE.left(rejected(createErrorSite(source.cloud, 'setVisibility'), { what: 'no' }))
          : source.setVisibility(id, visibility, options),
    })),
  },
  {
    does: 'returns a share that does not exist',
    breaks: 'shares',
    wrap: overriding((source) => ({
      shares: (id, options) =>
        pipe(
          source.shares(id, options),
          TE.map((shares) => [...shares, { project: 'x', status: 'unknown' }]),
        ),
    })),
  },
  {
    does: 'omits invited projects',
    breaks: 'share',
    wrap: overriding((source) => ({
      share: (id, request, options) =>
        pipe(
          source.share(id, request, options),
          TE.map((shares) => shares.filter(({ project }) => project === request.project)),
        ),
    })),
  },
  {
    does: 'does not revoke shares',
    breaks: 'share',
    wrap: overriding((source) => ({
      share: (id, request, options) =>
        request.action === 'withdraw' ? source.shares(id, options) : source.share(id, request, options),
    })),
  },
  {
    does: 'accepts a share for any response',
    breaks: 'share',
    wrap: overriding((source) => ({
      share: (id, request, options) =>
        source.share(id, request.action === 'decline' ? { ...request, action: 'accept' } : request, options),
    })),
  },
  {
    does: 'shows images to every project',
    breaks: 'share',
    wrap: overriding((source) => ({
      setVisibility: (id, visibility, options) =>
        pipe(
          source.setVisibility(id, visibility === 'shared' ? 'public' : visibility, options),
          TE.map((image) => ({ ...image, visibility })),
        ),
      share: () => TE.right([]),
    })),
  },
  {
    does: 'accepts a short upload',
    breaks: 'upload-size',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) => source.upload(id, { ...bytes, size: null }, options),
    })),
  },
  {
    does: 'changes an undeclared field',
    breaks: 'update-unsupported',
    wrap: overriding(({ capabilities }) => ({ capabilities: { ...capabilities, changes: ['name'] } })),
  },
  {
    does: 'returns empty data for an image without data',
    breaks: 'no-data',
    wrap: overriding((source) => ({
      download: (id, options) =>
        pipe(
          source.download(id, options),
          TE.orElse((error) =>
            error._tag === 'Conflict' ? TE.right(createByteSource(new Uint8Array())) : TE.left(error),
          ),
        ),
    })),
  },
  {
    does: 'makes an image private when it changes it',
    breaks: 'update',
    wrap: overriding((source) => ({
      update: (id, changes) =>
        pipe(
          source.setVisibility(id, 'community'),
          TE.flatMap(() => source.update(id, changes)),
        ),
    })),
  },
  {
    does: 'returns the image before the change',
    breaks: 'update',
    wrap: overriding((source) => ({
      update: (id, changes) =>
        pipe(
          source.get(id),
          TE.tap(() => source.update(id, changes)),
        ),
    })),
  },
  {
    does: 'deletes protected images',
    breaks: 'delete-protected',
    wrap: overriding((source) => ({
      delete: (id) =>
        pipe(
          source.protect(id, false),
          TE.flatMap(() => source.delete(id)),
        ),
    })),
  },
  {
    does: 'returns another reason for a protected image',
    breaks: 'delete-protected',
    wrap: overriding((source) => ({
      delete: (id, options) =>
        pipe(
          source.delete(id, options),
          TE.mapLeft((error) =>
            error._tag === 'Forbidden' ? forbidden(error, { ...error, reason: 'policy' }) : error,
          ),
        ),
    })),
  },
  {
    does: 'fails to protect a protected image',
    breaks: 'protect',
    wrap: onlyOnce('protect', (image) => image.protected),
  },
  { does: 'fails to hide a hidden image', breaks: 'hide', wrap: onlyOnce('hide', ({ hidden }) => hidden) },
  {
    does: 'returns another image than the changed one',
    breaks: 'images',
    wrap: overriding((source) => ({
      hide: (id, isHidden, options) =>
        pipe(
          source.hide(id, isHidden, options),
          TE.map((image) => ({ ...image, ref: { ...image.ref, cloud: null } })),
        ),
    })),
  },
  {
    does: 'lists only the first page of shares',
    breaks: 'shares',
    wrap: overriding((source) => ({
      shares: (id, options) =>
        pipe(
          source.shares(id, options),
          TE.map((shares) => shares.slice(0, 25)),
        ),
    })),
  },
  {
    does: 'creates images with fewer fields than requested',
    breaks: 'create',
    at: (wrap) => createSubject({ changes: ['name', 'tags'] }, wrap),
    wrap: overriding((source) => ({
      create: ({ name, diskFormat, architecture, tags, visibility }, options) =>
        source.create(
          {
            name,
            diskFormat,
            ...(architecture === undefined ? {} : { architecture }),
            ...(tags === undefined ? {} : { tags }),
            ...(visibility === undefined ? {} : { visibility }),
          },
          options,
        ),
    })),
  },
  {
    does: 'creates two images with the same ID',
    breaks: 'create',
    wrap: overriding((source) => ({
      create: ({ name, diskFormat }, options) => source.create({ name, diskFormat }, options),
    })),
  },
  {
    does: 'creates images that are available at once',
    breaks: 'create',
    wrap: overriding((source) => ({
      create: (request, options) =>
        pipe(
          source.create(request, options),
          TE.map((image) => ({ ...image, status: 'available' })),
        ),
    })),
  },
  {
    does: 'replaces the error of the bytes',
    breaks: 'upload-failure',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) =>
        pipe(
          source.upload(id, bytes, options),
          TE.mapLeft((error) =>
            error._tag === 'NotFound' && error.operation === 'get'
              ? unavailable(createErrorSite(source.cloud, 'upload'), error)
              : error,
          ),
        ),
    })),
  },
  {
    does: 'returns digests of other bytes',
    breaks: 'download-digests',
    wrap: overriding((source) => ({
      get: (id, options) =>
        pipe(
          source.get(id, options),
          TE.map((image) => ({
            ...image,
            digests: image.digests.map((digest) => ({
              ...digest,
              value: digest.value.replace(/^./, (first) => (first === '0' ? '1' : '0')),
            })),
          })),
        ),
    })),
  },
  {
    does: 'returns the data of deactivated images',
    breaks: 'no-data',
    wrap: overriding((source) => ({
      download: (id, options) => async () => {
        const given = await source.download(id, options)()
        return E.isLeft(given) && given.left._tag === 'Forbidden' && given.left.reason === 'deactivated'
          ? E.right(createByteSource(new Uint8Array()))
          : given
      },
    })),
  },
]
