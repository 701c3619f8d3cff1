import { createByteSource, notFound, createErrorSite, type ImageResult, type Operation } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { setTimeout } from 'node:timers/promises'
import { createDiskSubject } from './subject.ts'
import { overriding, type Mutant } from './wrap.ts'

const DONE: Operation = {
  id: 'done',
  kind: null,
  status: 'success',
  progress: 1,
  error: null,
  startedAt: '2020-01-01T00:00:00Z',
  finishedAt: null,
}
const running = (operation: Operation): Operation => ({ ...operation, status: 'running', finishedAt: null })

/** Sources whose operations, or whose creation of images from disks, are wrong. */
export const WORKING_MUTANTS: readonly Mutant[] = [
  {
    does: 'ignores the name filter of servers',
    breaks: 'servers',
    wrap: overriding((source) => ({ servers: (_, options) => source.servers({}, options) })),
  },
  {
    does: 'creates images from unknown servers',
    breaks: 'no-server',
    wrap: overriding((source) => ({
      createFromServer: (request, options) => source.createFromServer({ ...request, serverId: 'server-1' }, options),
    })),
  },
  {
    does: 'creates images with another name',
    breaks: 'server-image',
    wrap: overriding((source) => ({
      createFromServer: (request, options) => source.createFromServer({ ...request, name: 'other' }, options),
    })),
  },
  {
    does: 'never ends its work',
    breaks: 'operation',
    wrap: overriding((source) => ({
      operation: (id, options) => pipe(source.operation(id, options), TE.map(running)),
    })),
  },
  {
    does: 'reports work as finished at its start',
    breaks: 'server-image',
    wrap: overriding((source) => ({
      operation: (id, options) =>
        pipe(
          source.operation(id, options),
          TE.map((operation) => ({ ...operation, status: 'success', error: 'none' })),
        ),
      createFromServer: (request, options) =>
        pipe(
          source.createFromServer(request, options),
          TE.map(({ image, operation }) => ({ image: { ...image, status: 'available' }, operation })),
        ),
    })),
  },
  {
    does: 'reports progress up to 100',
    breaks: 'copy',
    wrap: overriding((source) => ({
      copyToStore: (id, request, options) =>
        pipe(
          source.copyToStore(id, request, options),
          TE.map((operation) => ({ ...operation, progress: 100 })),
        ),
    })),
  },
  {
    does: 'imports nothing',
    breaks: 'import',
    wrap: overriding((source) => ({
      importFromUrl: (id, _, options) => source.importFromUrl(id, { url: 'https://images.test/other' }, options),
    })),
  },
  {
    does: 'imports over existing data',
    breaks: 'import-once',
    wrap: overriding((source) => ({
      importFromUrl: (id, request, options) =>
        pipe(
          source.importFromUrl(id, request, options),
          TE.orElse((error) => (error._tag === 'Conflict' ? TE.right(DONE) : TE.left(error))),
        ),
    })),
  },
  {
    does: 'copies to one store only',
    breaks: 'copy',
    wrap: overriding((source) => ({
      copyToStore: (id, request, options) =>
        source.copyToStore(id, { stores: request.stores.filter((store) => store === 'fast') }, options),
    })),
  },
  { does: 'omits its operations', breaks: 'operations', wrap: overriding(() => ({ operations: () => TE.right([]) })) },
  {
    does: 'lists its operations oldest first',
    breaks: 'operations',
    wrap: overriding(() => ({
      operations: () => TE.right([DONE, { ...DONE, id: 'newer', startedAt: '2030-01-01T00:00:00Z' }]),
    })),
  },
  {
    does: 'returns an operation for an unknown ID',
    breaks: 'operations',
    wrap: overriding(() => ({ operations: () => TE.right([DONE]) })),
  },
  {
    does: 'starts work on images that do not exist',
    breaks: 'not-found',
    wrap: overriding((source) => ({
      importFromUrl: (id, request, options) =>
        pipe(
          source.importFromUrl(id, request, options),
          TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(DONE) : TE.left(error))),
        ),
      copyToStore: (id, request, options) =>
        pipe(
          source.copyToStore(id, request, options),
          TE.orElse((error) => (error._tag === 'NotFound' ? TE.right(DONE) : TE.left(error))),
        ),
    })),
  },
  {
    does: 'lists only the first page of operations',
    breaks: 'operations',
    wrap: overriding((source) => ({
      operations: (id, options) =>
        pipe(
          source.operations(id, options),
          TE.map((operations) => operations.slice(0, 25)),
        ),
    })),
  },
  {
    does: 'fails to list operations of an image without work',
    breaks: 'operations',
    wrap: overriding((source) => ({
      operations: (id, options) =>
        pipe(
          source.operations(id, options),
          TE.flatMap((operations): ImageResult<readonly Operation[]> =>
            operations.length > 0
              ? TE.right(operations)
              : TE.left(notFound(createErrorSite(source.cloud, 'operations'), { what: 'none' })),
          ),
        ),
    })),
  },
  {
    does: 'waits in operation for the end of work',
    breaks: 'operation-returns',
    wrap: (source) => {
      // The clock stands still, so the operation never ends: the wait must be limited, or the test would hang.
      let patience = 20
      return overriding((all) => ({
        operation: (id, options) => async () => {
          for (;;) {
            const now = await all.operation(id, options)()
            if (E.isLeft(now) || now.right.status !== 'running' || patience-- < 0) return now
            await setTimeout(50)
          }
        },
      }))(source)
    },
  },
  {
    does: 'starts a copy without an operation status',
    breaks: 'copy',
    wrap: overriding((source) => ({
      copyToStore: (id, request, options) =>
        pipe(
          source.copyToStore(id, request, options),
          TE.map((operation) => ({ ...operation, status: 'queued' as 'running' })),
        ),
    })),
  },
  {
    does: 'copies to unknown stores',
    breaks: 'no-store',
    wrap: overriding((source) => ({
      copyToStore: (id, request, options) =>
        source.copyToStore(
          id,
          { stores: request.stores.filter((store) => ['fast', 'cheap'].includes(store)) },
          options,
        ),
    })),
  },
  {
    does: 'writes other bytes to the disk',
    breaks: 'byte-image-raw',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      createFromBytes: (request, bytes, options) =>
        source.createFromBytes(request, createByteSource(new Uint8Array(bytes.size ?? 0)), options),
    })),
  },
  {
    does: 'creates a record without data in createFromBytes',
    breaks: 'byte-image-disk',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      createFromBytes: (request, bytes, options) =>
        pipe(
          source.createFromBytes(request, bytes, options),
          TE.map(({ image, verified }) => ({ image: { ...image, status: 'pending' }, verified })),
        ),
    })),
  },
  {
    does: 'returns an unknown verification level',
    breaks: 'byte-image',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      createFromBytes: (request, bytes, options) =>
        pipe(
          source.createFromBytes(request, bytes, options),
          TE.map(({ image }) => ({ image, verified: 'surely' as 'unverified' })),
        ),
    })),
  },
  {
    does: 'leaves a partial image behind',
    breaks: 'byte-image-failure',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      createFromBytes: (request, bytes, options) => async () => {
        const made = await source.createFromBytes(request, bytes, options)()
        if (E.isLeft(made)) await source.createFromBytes(request, createByteSource(Uint8Array.of(1)), options)()
        return made
      },
    })),
  },
  {
    does: 'returns an empty estimate',
    breaks: 'estimate',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      estimate: (work, options) =>
        pipe(
          source.estimate(work, options),
          TE.map((estimate) => ({ ...estimate, resources: [] })),
        ),
    })),
  },
  {
    does: 'returns formatted amounts',
    breaks: 'estimate',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      estimate: (work, options) =>
        pipe(
          source.estimate(work, options),
          TE.map((estimate) => ({ ...estimate, once: { amount: '1,50', currency: 'EUR' } })),
        ),
    })),
  },
  {
    does: 'creates an image in estimate',
    breaks: 'estimate-changes-nothing',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      estimate: (work, options) =>
        pipe(
          source.createFromBytes({ name: 'try', diskFormat: 'raw' }, createByteSource(Uint8Array.of(1)), {
            run: 'try',
          }),
          TE.flatMap(() => source.estimate(work, options)),
        ),
    })),
  },
  {
    does: 'returns negative quotas',
    breaks: 'upload-limits',
    wrap: overriding((source) => ({
      uploadLimits: (options) =>
        pipe(
          source.uploadLimits(options),
          TE.map((limits) => ({ ...limits, bytes: { used: 0, limit: -1, unit: 1 } })),
        ),
    })),
  },
  {
    does: 'returns a store twice',
    breaks: 'upload-limits',
    wrap: overriding((source) => ({
      uploadLimits: (options) =>
        pipe(
          source.uploadLimits(options),
          TE.map((limits) => ({
            ...limits,
            stores: ['a', 'a'].map((id) => ({ id, isDefault: false, isReadOnly: false })),
          })),
        ),
    })),
  },
  {
    does: 'creates an image in uploadLimits',
    breaks: 'upload-limits-change-nothing',
    wrap: overriding((source) => ({
      uploadLimits: (options) =>
        pipe(
          source.create({ name: 'try', diskFormat: 'raw' }),
          TE.flatMap(() => source.uploadLimits(options)),
        ),
    })),
  },
  {
    does: 'finds no orphaned resources',
    breaks: 'orphans',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      orphans: (options) =>
        pipe(
          source.orphans(options),
          TE.map(() => []),
        ),
    })),
  },
  {
    does: 'does not report the epochs of orphaned resources',
    breaks: 'orphans',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      orphans: (options) =>
        pipe(
          source.orphans(options),
          TE.map((left) => left.map((orphan) => ({ ...orphan, epoch: null }))),
        ),
    })),
  },
  {
    does: 'finds only orphaned resources older than a year',
    breaks: 'orphans-running',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      orphans: (options) =>
        pipe(
          source.orphans(options),
          TE.map((left) => left.filter(({ createdAt }) => createdAt !== null && createdAt < '2023')),
        ),
    })),
  },
  {
    does: 'does not delete orphaned resources',
    breaks: 'delete-orphan',
    at: createDiskSubject,
    wrap: overriding((source) => ({ deleteOrphan: (_, options) => pipe(source.orphans(options), TE.asUnit) })),
  },
  {
    does: 'fails to delete an orphaned resource that is gone',
    breaks: 'delete-orphan',
    at: createDiskSubject,
    wrap: overriding((source) => ({
      deleteOrphan: (orphan, options) =>
        pipe(
          source.orphans(options),
          TE.flatMap((left) =>
            left.some(({ id }) => id === orphan.id)
              ? source.deleteOrphan(orphan, options)
              : TE.left(notFound(createErrorSite(source.cloud, 'deleteOrphan'), { what: 'gone' })),
          ),
        ),
    })),
  },
]
