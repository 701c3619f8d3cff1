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
import { subjectOf } from './subject.ts'
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
  { does: 'names another owner', breaks: 'owner', wrap: overriding(() => ({ owner: () => TE.right('somebody') })) },
  { does: 'removes nothing', breaks: 'delete', wrap: overriding(() => ({ delete: () => TE.right(undefined) })) },
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
    does: 'answers as if it had hidden',
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
    does: 'loses entries that are not named',
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
    does: 'loses tags that are not named',
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
    does: 'changes more than it is asked to',
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
    does: 'creates without saying all',
    breaks: 'create',
    wrap: overriding((source) => ({ create: (request, options) => source.create({ ...request, tags: [] }, options) })),
  },
  {
    does: 'tells progress that falls',
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
    does: 'knows one visibility',
    breaks: 'visibility',
    wrap: overriding((source) => ({ setVisibility: (id, _, options) => source.setVisibility(id, 'private', options) })),
  },
  {
    does: 'blames the request for a visibility',
    breaks: 'visibility-forbidden',
    wrap: overriding((source) => ({
      setVisibility: (id, visibility, options) =>
        visibility === 'public'
          ? TE.left(rejected(createErrorSite(source.cloud, 'setVisibility'), { what: 'no' }))
          : source.setVisibility(id, visibility, options),
    })),
  },
  {
    does: 'makes up a share',
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
    does: 'forgets whom it invited',
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
    does: 'withdraws nothing',
    breaks: 'share',
    wrap: overriding((source) => ({
      share: (id, request, options) =>
        request.action === 'withdraw' ? source.shares(id, options) : source.share(id, request, options),
    })),
  },
  {
    does: 'takes each answer for a yes',
    breaks: 'share',
    wrap: overriding((source) => ({
      share: (id, request, options) =>
        source.share(id, request.action === 'decline' ? { ...request, action: 'accept' } : request, options),
    })),
  },
  {
    does: 'shows images to everybody',
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
    does: 'takes a short upload',
    breaks: 'upload-size',
    wrap: overriding((source) => ({
      upload: (id, bytes, options) => source.upload(id, { ...bytes, size: null }, options),
    })),
  },
  {
    does: 'changes what it does not declare',
    breaks: 'update-unsupported',
    wrap: overriding(({ capabilities }) => ({ capabilities: { ...capabilities, changes: ['name'] } })),
  },
  {
    does: 'gives no data for data that is not there',
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
    does: 'gives the image as it was before',
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
    does: 'removes protected images',
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
    does: 'does not say that it is the protection',
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
    does: 'protects only what is not protected',
    breaks: 'protect',
    wrap: onlyOnce('protect', (image) => image.protected),
  },
  { does: 'hides only what is not hidden', breaks: 'hide', wrap: onlyOnce('hide', ({ hidden }) => hidden) },
  {
    does: 'gives another image than the one that it changed',
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
    does: 'lists the first page of shares only',
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
    does: 'makes images of less than was asked for',
    breaks: 'create',
    at: (wrap) => subjectOf({ changes: ['name', 'tags'] }, wrap),
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
    does: 'makes two images of one id',
    breaks: 'create',
    wrap: overriding((source) => ({
      create: ({ name, diskFormat }, options) => source.create({ name, diskFormat }, options),
    })),
  },
  {
    does: 'makes images that are available at once',
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
    does: 'calls a failure of the bytes its own',
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
    does: 'gives digests of other bytes',
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
    does: 'gives the data of deactivated images',
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
