import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { formatError, perform, type ImageResult, type ImageSource } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { must, mustBe, NotApplicable, read, type CheckContext, type Check } from './check.ts'
import type { FaultPort } from './fault-port.ts'
import { EVERYTHING } from './filter-check.ts'
import { callAny, isWriting, NOWHERE, type MethodName } from './method-arguments.ts'
import type { PromiseName } from './promises.ts'
import {
  type MethodAccess,
  mustFailUnder,
  findWorking,
  underFault,
  createTarget,
  listMethods,
} from './call-under-fault.ts'

/** Methods that look up their argument by ID, and so receive 404 if it is missing. */
const BY_ID: ReadonlySet<MethodName> = new Set<MethodName>([
  'get',
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'shares',
  'share',
  'download',
  'upload',
  'importFromUrl',
  'copyToStore',
  'operations',
  'operation',
])

/** The value of `Retry-After` that the server sends, if it sends one. */
const RETRY_AFTER_S = 2

/** How long no request must arrive, and at most how often that is waited for. */
const QUIET_MS = 20
const MAX_QUIET_WAITS = 50

/** Returns the number of requests, once those that an aborted call had already sent have arrived. */
const countWhenQuiet = async (port: FaultPort): Promise<number> => {
  let count = await port.requests()
  for (let wait = 0; wait < MAX_QUIET_WAITS; wait++) {
    await setTimeout(QUIET_MS)
    const now = await port.requests()
    if (now === count) return now
    count = now
  }
  return count
}

interface Faulty {
  readonly name: string
  readonly promises: readonly PromiseName[]
  /** Absent: both. */
  readonly access?: MethodAccess
  readonly run: (source: ImageSource, context: CheckContext, access: MethodAccess) => Promise<void>
}

/** Checks that run on reading and on writing methods. */
const FAULTY: readonly Faulty[] = [
  {
    name: 'refused credentials are Unauthorized',
    promises: ['credentials', 'error-site', 'result'],
    run: (source, context, access) =>
      mustFailUnder(source, context, { kind: 'status', status: 401 }, 'Unauthorized', { access }),
  },
  {
    name: 'missing permissions are Forbidden',
    promises: ['credentials', 'error-site', 'result'],
    // `probe` does not fail: it reports what the credentials may do.
    run: (source, context, access) =>
      mustFailUnder(source, context, { kind: 'status', status: 403 }, 'Forbidden', {
        access,
        fits: (method) => method !== 'probe',
      }),
  },
  {
    name: 'a valid ID of a deleted resource is NotFound',
    promises: ['not-found', 'error-site', 'result'],
    run: (source, context, access) =>
      mustFailUnder(source, context, { kind: 'status', status: 404 }, 'NotFound', {
        access,
        fits: (method) => BY_ID.has(method),
      }),
  },
  {
    name: 'too many requests are RateLimited, with the time to wait if the server returns it',
    promises: ['rate-limit', 'error-site', 'result'],
    run: async (source, context, access) => {
      await mustFailUnder(source, context, { kind: 'status', status: 429, retryAfterS: RETRY_AFTER_S }, 'RateLimited', {
        access,
        examine: ({ retryAfterMs }) =>
          assert.ok(
            retryAfterMs !== null && Math.abs(retryAfterMs - RETRY_AFTER_S * 1000) <= 500,
            `Retry-After was ${RETRY_AFTER_S} s, retryAfterMs is ${retryAfterMs}`,
          ),
      })
      await (await context.faults()).set(null)
      await mustFailUnder(source, context, { kind: 'status', status: 429 }, 'RateLimited', {
        access,
        examine: ({ retryAfterMs }) =>
          assert.ok(retryAfterMs === null || retryAfterMs >= 0, `retryAfterMs is ${retryAfterMs}`),
      })
    },
  },
  ...[500, 502, 503].map((status): Faulty => ({
    name: `a server error ${status} is Unavailable`,
    promises: ['unavailable', 'error-site', 'result'],
    run: (source, context, access) =>
      mustFailUnder(source, context, { kind: 'status', status }, 'Unavailable', { access }),
  })),
  {
    name: 'a connection that breaks during a response is Unavailable',
    promises: ['unavailable', 'error-site', 'result'],
    access: 'read',
    run: async (source, context, access) =>
      mustFailUnder(source, context, { kind: 'cut' }, 'Unavailable', {
        access,
        fits: await findWorking(source, context),
      }),
  },
  {
    name: 'an unreadable response is DecodeFailed',
    promises: ['unreadable', 'error-site', 'result'],
    access: 'read',
    run: async (source, context, access) =>
      mustFailUnder(source, context, { kind: 'garbled' }, 'DecodeFailed', {
        access,
        fits: await findWorking(source, context),
      }),
  },
  {
    name: 'a slow response is awaited',
    promises: ['slow'],
    access: 'read',
    run: async (source, context, access) => {
      for (const { method, result } of await underFault(
        source,
        context,
        { kind: 'slow', ms: 60 },
        access,
        (one) => one === 'get' || one === 'listPage',
      ))
        assert.ok(E.isRight(result), `${method}: ${E.isLeft(result) ? formatError(result.left) : ''}`)
    },
  },
  {
    name: 'aborting while the provider does not respond is promptly Aborted',
    promises: ['abort', 'error-site', 'result'],
    run: async (source, context, access) => {
      const port = await context.faults()
      const target = await createTarget(source, context, access)
      await port.set({ kind: 'silent' })
      let checked = 0
      // createFromBytes sends requests to clean up before it ends.
      for (const method of listMethods(source, access).filter((one) => one !== 'createFromBytes')) {
        const controller = new AbortController()
        const before = await port.requests()
        const running = callAny(source, method, target, { signal: controller.signal })()
        const ended = running.then(() => true)
        // The rejection is handled below, where it is awaited.
        ended.catch(() => undefined)
        const hasEnded = (): Promise<boolean> => Promise.race([ended, setTimeout(2, false)]).catch(() => true)
        while ((await port.requests()) === before && !(await hasEnded()));
        const isAsked = (await port.requests()) > before
        controller.abort()
        const result = await context.soon(running, `${method} does not end when its signal aborts`)
        if (!isAsked) continue
        checked++
        assert.ok(E.isLeft(result), `${method} succeeds, though the provider did not respond`)
        assert.equal(mustBe(source, 'Aborted', result.left).operation, method)
      }
      if (checked === 0) throw new NotApplicable('no method made a request')
    },
  },
  {
    name: 'an already aborted signal sends no request',
    promises: ['abort'],
    run: async (source, context, access) => {
      const port = await context.faults()
      const before = await countWhenQuiet(port)
      for (const method of listMethods(source, access)) {
        const result = await callAny(source, method, NOWHERE, { signal: AbortSignal.abort() })()
        assert.ok(E.isLeft(result), `${method} succeeds, though its signal has aborted`)
        mustBe(source, 'Aborted', result.left)
        assert.equal(await port.requests(), before, `${method} makes a request, though its signal has aborted`)
      }
      await setTimeout(QUIET_MS)
      assert.equal(await port.requests(), before, 'a method makes a request, though its signal has aborted')
    },
  },
  {
    name: 'a result that is not run sends no request',
    promises: ['result'],
    run: async (source, context, access) => {
      const port = await context.faults()
      const before = await countWhenQuiet(port)
      const methods = listMethods(source, access)
      for (const method of methods) callAny(source, method, NOWHERE)
      await setTimeout(QUIET_MS)
      assert.equal(await port.requests(), before, `one of ${methods.join(', ')} makes a request before it is run`)
    },
  },
]

/** Checks of how a source reacts to server faults, which `faults` of the subject causes. */
export const FAULT_CHECKS: readonly Check[] = [
  ...FAULTY.flatMap(({ name, promises, access, run }) =>
    (access === undefined ? (['read', 'write'] as const) : [access]).map((one): Check => ({
      name: access === undefined ? `${name} (${one === 'read' ? 'reading' : 'writing'} methods)` : name,
      promises,
      needs: [],
      uses: 'faults',
      writes: one === 'write',
      unless: ({ operations }) => (one === 'write' && !operations.some(isWriting) ? 'it only reads' : null),
      run: (source, context) => run(source, context, one),
    })),
  ),
  {
    name: 'a result that is run again sends a new request',
    promises: ['result', 'same-cursor'],
    needs: [],
    uses: 'faults',
    writes: false,
    run: async (source, context) => {
      const port = await context.faults()
      const { id } = await createTarget(source, context, 'read')
      const calls: readonly (readonly [string, ImageResult<unknown>])[] = [
        ['get', source.get(id)],
        ['listPage', source.listPage(EVERYTHING, null)],
      ]
      for (const [method, call] of calls)
        for (const _ of ['once', 'again']) {
          const before = await port.requests()
          await must(call)
          assert.ok((await port.requests()) > before, `${method} is run, and makes no request`)
        }
    },
  },
  {
    name: 'download reads no bytes before it is opened',
    promises: ['download'],
    needs: ['create', 'upload', 'download'],
    uses: 'faults',
    writes: true,
    run: async (source, context) => {
      const id = await context.disposable()
      const bytes = await must(perform(source, 'download', id))
      const port = await context.faults()
      await port.set({ kind: 'status', status: 503 })
      const failed = await bytes.open()()
      assert.ok(E.isLeft(failed), 'the bytes can be opened although the server fails: they were read before')
      await port.set(null)
      assert.ok((await read(bytes)).length > 0)
    },
  },
]
