import assert from 'node:assert/strict'
import { Instant } from '@imago/codec'
import {
  Image,
  isBefore,
  perform,
  type ImageSource,
  type Operation,
  type ServerImageRequest,
  type ServerSummary,
} from '@imago/core/provider'
import { MANY, must, mustFail, NO_SUCH_ID, NotApplicable, type CheckContext, type Check } from './check.ts'
import { created, NEW_IMAGE } from './new-image.ts'

const isInstant = (value: string | null): boolean => value === null || Instant.is(value)

const mustBeOperation = ({ id, status, progress, error, startedAt, finishedAt }: Operation): void => {
  assert.ok(typeof id === 'string' && id !== '', 'an operation has an id')
  assert.ok(['running', 'success', 'error'].includes(status), `invalid status: ${status}`)
  assert.ok(progress === null || (progress >= 0 && progress <= 1), `progress is not from 0 to 1: ${progress}`)
  assert.ok(error === null || status === 'error', 'only a failed operation has an error')
  assert.ok(isInstant(startedAt) && isInstant(finishedAt), `invalid instant: ${startedAt} or ${finishedAt}`)
  assert.ok(status !== 'running' || finishedAt === null, 'a running operation has no finishedAt')
}

/** Waits until `operation` has succeeded, and returns the image. */
const waitForImage = async (
  source: ImageSource,
  id: string,
  operation: Operation,
  context: CheckContext,
): Promise<Image> => {
  mustBeOperation(operation)
  await mustNotWait(source, operation, context)
  await context.finished(operation)
  return context.until(
    () => must(source.get(id)),
    ({ status }) => status !== 'pending',
  )
}

/** Requires `operation` to return the state of work without waiting for its end. */
const mustNotWait = async (source: ImageSource, { id }: Operation, { soon }: CheckContext): Promise<void> => {
  if (source.operation === undefined) return
  const now = await soon(source.operation(id)(), `operation waits for the end of ${id}`)
  assert.ok(now._tag === 'Right', 'operation finds the ID that a method returned')
  mustBeOperation(now.right)
  assert.equal(now.right.id, id)
}

/** Starts work on an image repeatedly; returns the minimum number of its operations. */
const startManyOperations = async (source: ImageSource, context: CheckContext, id: string): Promise<number> => {
  const count = async (): Promise<number> => (await must(perform(source, 'operations', id))).length
  const before = await count()
  const toggle = async (): Promise<void> => {
    for (const isProtected of [true, false]) await must(perform(source, 'protect', id, isProtected))
  }
  if (source.protect !== undefined) {
    await toggle()
    // Some providers protect images immediately, without an operation.
    if ((await count()) === before + 2) {
      for (let done = 2; done < MANY; done += 2) await toggle()
      return before + MANY
    }
  }
  if (source.copyToStore === undefined) return before
  const stores = await context.stores()
  const begun = new Set<string>()
  while (begun.size < MANY) {
    const copying = await source.copyToStore(id, { stores })()
    // Without anything left to copy, no operation starts.
    if (copying._tag === 'Left' || copying.right.status !== 'running' || begun.has(copying.right.id)) break
    begun.add(copying.right.id)
    await context.finished(copying.right)
  }
  return before + begun.size
}

/** Requires the operations of an image to include `operation`. */
const mustKnow = async (
  source: ImageSource,
  id: string,
  operation: Operation,
  { until }: CheckContext,
): Promise<void> => {
  const isKnown = async (): Promise<boolean> =>
    (await must(perform(source, 'operations', id))).some((one) => one.id === operation.id)
  if (source.operations !== undefined)
    assert.ok(
      await until(isKnown, (known) => known),
      `operations does not list operation ${operation.id} of image ${id}`,
    )
}

const idsOfServers = (servers: readonly ServerSummary[]): readonly string[] => servers.map(({ id }) => id).toSorted()

const createRequest = ({ capabilities: { changes } }: ImageSource, serverId: string): ServerImageRequest => ({
  serverId,
  ...(changes.includes('name') ? { name: NEW_IMAGE.name } : {}),
  ...(changes.includes('description') ? { description: NEW_IMAGE.name } : {}),
})

/** Checks of work that continues after the call. */
export const WORK_CHECKS: readonly Check[] = [
  {
    name: 'createFromServer creates an image, at first pending, and an operation with its progress',
    promises: ['server-image', 'operation', 'operation-returns'],
    needs: ['createFromServer'],
    writes: true,
    run: async (source, context) => {
      const { serverId, ...asked } = createRequest(source, await context.server())
      const { image, operation } = await must(perform(source, 'createFromServer', { serverId, ...asked }))
      context.deleteLater(image.ref.id)
      assert.ok(Image.is(image))
      assert.equal(image.status, 'pending')
      await must(source.get(image.ref.id))
      const { name, description, kind, status } = await waitForImage(source, image.ref.id, operation, context)
      assert.deepEqual(
        { name, description, kind, status },
        { name, description, ...asked, kind: 'snapshot', status: 'available' },
      )
    },
  },
  {
    name: 'servers lists the server for createFromServer, and filters by name',
    promises: ['servers'],
    needs: ['servers', 'createFromServer'],
    writes: false,
    run: async (source, context) => {
      const id = await context.server()
      const all = await must(perform(source, 'servers', {}))
      const server = all.find((one) => one.id === id)
      assert.ok(server !== undefined, `server ${id} is not listed`)
      for (const wanted of server.name === null ? [] : [server.name]) {
        const named = await must(perform(source, 'servers', { name: wanted }))
        assert.deepEqual(idsOfServers(named), idsOfServers(all.filter(({ name }) => name === wanted)))
      }
      assert.deepEqual(await must(perform(source, 'servers', { name: NO_SUCH_ID })), [])
    },
  },
  {
    name: 'createFromServer of an unknown server is NotFound',
    promises: ['no-server', 'not-found'],
    needs: ['createFromServer'],
    writes: true,
    run: async (source) =>
      assert.equal(
        (await mustFail(source, 'NotFound', perform(source, 'createFromServer', { serverId: NO_SUCH_ID }))).operation,
        'createFromServer',
      ),
  },
  {
    name: 'importFromUrl makes the provider fetch the data, and returns an operation with its progress',
    promises: ['import', 'operation', 'operation-returns'],
    needs: ['create', 'importFromUrl'],
    writes: true,
    run: async (source, context) => {
      const url = await context.url()
      const { ref } = await created(source, context)
      const operation = await must(perform(source, 'importFromUrl', ref.id, { url }))
      await mustKnow(source, ref.id, operation, context)
      const { status, size } = await waitForImage(source, ref.id, operation, context)
      assert.equal(status, 'available')
      assert.ok((size.stored ?? 0) > 0, 'it has data')
    },
  },
  {
    name: 'importFromUrl into an unknown image is NotFound',
    promises: ['not-found'],
    needs: ['importFromUrl'],
    writes: true,
    run: async (source, { url }) =>
      assert.equal(
        (await mustFail(source, 'NotFound', perform(source, 'importFromUrl', NO_SUCH_ID, { url: await url() })))
          .operation,
        'importFromUrl',
      ),
  },
  {
    name: 'importFromUrl into an image with data is a Conflict',
    promises: ['import-once'],
    needs: ['importFromUrl'],
    writes: true,
    run: async (source, { disposable, url }) => {
      const id = await disposable()
      const before = await must(source.get(id))
      await mustFail(source, 'Conflict', perform(source, 'importFromUrl', id, { url: await url() }))
      assert.deepEqual(await must(source.get(id)), before)
    },
  },
  {
    name: 'copyToStore copies to the named stores, and returns an operation with its progress',
    promises: ['copy', 'operation', 'operation-returns'],
    needs: ['copyToStore'],
    writes: true,
    run: async (source, context) => {
      const stores = await context.stores()
      const id = await context.disposable()
      const before = await must(source.get(id))
      const operation = await must(perform(source, 'copyToStore', id, { stores }))
      await mustKnow(source, id, operation, context)
      await waitForImage(source, id, operation, context)
      const expected = [...new Set([...before.stores, ...stores])].toSorted()
      const after = await context.until(
        () => must(source.get(id)),
        (image) => image.stores.length >= expected.length,
      )
      assert.deepEqual(
        { status: after.status, stores: after.stores.toSorted() },
        { status: 'available', stores: expected },
      )
    },
  },
  {
    name: 'copyToStore of an unknown image is NotFound',
    promises: ['not-found'],
    needs: ['copyToStore'],
    writes: true,
    run: async (source, { stores }) =>
      assert.equal(
        (await mustFail(source, 'NotFound', perform(source, 'copyToStore', NO_SUCH_ID, { stores: await stores() })))
          .operation,
        'copyToStore',
      ),
  },
  {
    name: 'copyToStore to an unknown store is Rejected',
    promises: ['no-store'],
    needs: ['copyToStore'],
    writes: true,
    run: async (source, { disposable }) => {
      const id = await disposable()
      const before = await must(source.get(id))
      await mustFail(source, 'Rejected', perform(source, 'copyToStore', id, { stores: ['imago-no-such-store'] }))
      assert.deepEqual((await must(source.get(id))).stores, before.stores)
    },
  },
  {
    name: 'operations of an image without work is a list',
    promises: ['operations'],
    needs: ['create', 'operations'],
    writes: true,
    run: async (source, context) => {
      const { ref } = await created(source, context)
      for (const one of await must(perform(source, 'operations', ref.id))) mustBeOperation(one)
    },
  },
  {
    name: 'operations lists all work of an image on any number of pages, newest first, and operation returns each',
    promises: ['operations', 'operation'],
    needs: ['operations'],
    writes: true,
    run: async (source, context) => {
      const id = await context.disposable()
      const minimum = await startManyOperations(source, context, id)
      if (minimum < 2)
        throw new NotApplicable('no method of this source does work that operations lists, again and again')
      const operations = await must(perform(source, 'operations', id))
      assert.ok(operations.length >= minimum, `${operations.length} of ${minimum} operations are listed`)
      assert.equal(new Set(operations.map((one) => one.id)).size, operations.length, 'each operation once')
      for (const [at, one] of operations.entries()) {
        mustBeOperation(one)
        const earlier = operations[at + 1]?.startedAt ?? null
        assert.ok(one.startedAt === null || earlier === null || !isBefore(one.startedAt, earlier), 'the newest first')
        if (source.operation !== undefined && at < 5) assert.equal((await must(source.operation(one.id))).id, one.id)
      }
    },
  },
]
