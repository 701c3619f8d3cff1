import {
  createOpenstackSource,
  createOpenstackSession,
  createOpenstackSourceFrom,
  type OpenstackOptions,
} from '@imago/adapter-openstack'
import { isRetryable, listAll, type AbortSignalLike, type Image, type ImageError, type ImageSource } from '@imago/core'
import { createTransport, systemTiming, type HttpClient } from '@imago/http'
import { createManualClock, createOpenstackSimulator, type Fault, type OpenstackSimulator } from '@imago/simulator'
import { applyPlan, planTransfer, type TransferOutcome, type Plan, type RunOptions } from '@imago/transfer'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SECOND = 1000
const HOUR = 3_600_000

/** The outcomes of one request body of 4096 bytes, which fit into one packet. */
const WAYS = {
  ok: [],
  // A gateway responds in the middle of the body.
  '408': [{ kind: 'gateway', status: 408, atByte: 2048 }],
  // It responds before it has read the body.
  '413': [{ kind: 'gateway', status: 413, atByte: 0 }],
  '502': [{ kind: 'gateway', status: 502, atByte: 2048 }],
  // It responds when Glance has received the body, and saves it slowly.
  '504': [
    { kind: 'gateway', status: 504 },
    { kind: 'saving', ms: 25 * SECOND },
  ],
  'reset before': [{ kind: 'cut', atByte: 2048 }],
  'reset after': [{ kind: 'cut' }, { kind: 'saving', ms: 3 * SECOND }],
  // Saves longer than imago waits for 4096 bytes.
  saving: [
    { kind: 'gateway', status: 504 },
    { kind: 'saving', ms: HOUR },
  ],
  active: [{ kind: 'gateway', status: 502 }],
  // The store fails, and the gateway does not report it.
  queued: [
    { kind: 'gateway', status: 504 },
    { kind: 'saving', ms: 5 * SECOND, fails: true },
  ],
  // Another client deletes the image while it is saved.
  gone: [
    { kind: 'gateway', status: 504 },
    { kind: 'saving', ms: 5 * SECOND },
  ],
} satisfies Readonly<Record<string, readonly Fault[]>>

type Way = keyof typeof WAYS
const NAMES = Object.keys(WAYS) as readonly Way[]
const LENGTH = 2

/** A disk with a partition table: a boot sector, and one partition. */
const DISK = Buffer.alloc(4096, 'imago')
DISK.fill(0, 0, 512)
DISK.set([0x80, 0, 2, 0, 0x83, 0, 8, 0, 1, 0, 0, 0, 7, 0, 0, 0], 446)
DISK.set([0x55, 0xaa], 510)
const SHA512 = createHash('sha512').update(DISK).digest('hex')

const ATTEMPTS = 4
/** The maximum total of pauses, and of the wait for a body to be saved. */
const MAX_WAIT_MS = 10 * 60 * SECOND

const clock = createManualClock(Date.now())
const transport = createTransport()
const folder = mkdtempSync(join(tmpdir(), 'imago-outcomes-'))
let simulator: OpenstackSimulator
let admin: ImageSource
/** The URLs of images that were deleted while they were saved. */
const deletedWhileSaving: string[] = []
let source: ImageSource

/** Records deletions of images that were being saved. */
const watching =
  (client: HttpClient): HttpClient =>
  (request) =>
  async () => {
    if (request.method === 'DELETE') {
      const { body: _, ...asked } = request
      const before = await client({ ...asked, method: 'GET', responseKind: 'text' })()
      if (E.isRight(before) && before.right.kind === 'text' && before.right.text.includes('"status":"saving"'))
        deletedWhileSaving.push(request.url)
    }
    return client(request)()
  }

const optionsFor = (client: HttpClient): OpenstackOptions => {
  const user = simulator.users.find(({ name }) => name === 'demo')
  const project = simulator.projects.find(({ name }) => name === 'demo')
  if (user === undefined || project === undefined) throw new TypeError('the simulator has no user demo')
  return {
    name: 'prod',
    region: {
      name: 'RegionOne',
      auth: {
        kind: 'keystone',
        url: simulator.authUrl,
        methods: [{ method: 'password', user: { id: user.id }, password: user.password ?? '' }],
        scope: { kind: 'project', project: { id: project.id } },
      },
    },
    connection: { transport: client, userAgent: 'imago/test', timing: systemTiming },
  }
}

/** How long a failed run tries to delete its image. This sleep ends only by an abort. */
const DELETION_MS = 15 * SECOND

/** Advances the clock immediately, and lets due events happen. */
const sleep = async (ms: number, signal?: AbortSignalLike): Promise<void> => {
  if (ms === DELETION_MS) return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
  clock.advance(ms)
  await new Promise((resolve) => setImmediate(resolve))
}

beforeAll(async () => {
  simulator = await createOpenstackSimulator({ catalogue: 'none', clock: clock.now, tokenLifetimeMs: 10 ** 12 })
  source = createOpenstackSourceFrom(createOpenstackSession(optionsFor(watching(transport.client))), {
    clock: clock.now,
    sleep,
  })
  admin = createOpenstackSource(optionsFor(transport.client))
  writeFileSync(join(folder, 'disk.raw'), DISK)
  utimesSync(join(folder, 'disk.raw'), 1_700_000_000, 1_700_000_000)
})
afterAll(async () => {
  await simulator.close()
  transport.close()
  rmSync(folder, { recursive: true, force: true })
})

const bodiesSent = (): number =>
  simulator.requests.all().filter(({ method, url }) => method === 'PUT' && url.endsWith('/file')).length

const imagesNow = async (): Promise<readonly Image[]> => {
  const listing = await listAll(admin, { hidden: 'include' })()
  if (E.isLeft(listing)) throw new Error(listing.left.what)
  return listing.right.items
}

const createPlan = (name: string): Plan =>
  planTransfer(
    {
      kind: 'file',
      path: join(folder, 'disk.raw'),
      size: DISK.length,
      modifiedAt: new Date(1_700_000_000_000).toISOString(),
    },
    { kind: 'cloud', cloud: source.cloud, capabilities: source.capabilities },
    { name, sourceFormat: 'raw' },
  )

const runOptions: RunOptions = {
  openSource: () => TE.right(source),
  journals: join(folder, 'journal'),
  spoolDir: join(folder, 'spool'),
  retry: { attempts: ATTEMPTS, waitMs: 2 * SECOND, maxWaitMs: 30 * SECOND },
  timing: { clock: clock.now, sleep },
}

interface Ended {
  readonly ways: readonly Way[]
  readonly answer: E.Either<ImageError, TransferOutcome>
  readonly bodies: number
  readonly tookMs: number
}

let runs = 0

/** Runs a plan whose bodies have these outcomes. Later bodies succeed. */
const runThrough = async (
  ways: readonly Way[],
  wrapped: (used: number) => void = () => undefined,
): Promise<Ended & { readonly plan: Plan }> => {
  simulator.faults.clear()
  simulator.requests.clear()
  for (const [index, way] of ways.entries())
    for (const fault of WAYS[way])
      simulator.faults.add({ method: 'PUT', path: '**/file', after: index, times: 1, fault })
  const plan = createPlan(`run ${runs++}`)
  const began = clock.now()
  let used = 0
  const gone: RunOptions = {
    ...runOptions,
    openSource: () =>
      TE.right({
        ...source,
        upload: (id, bytes, options) => async () => {
          const before = bodiesSent()
          const sending = source.upload?.(id, bytes, { ...options, onProgress: (sent) => options?.onProgress?.(sent) })
          if (sending === undefined) throw new TypeError('OpenStack takes uploads')
          if (ways[before] === 'gone') {
            const removing = (async () => {
              for (;;) {
                const image = await admin.get(id)()
                if (E.isLeft(image)) return
                if (image.right.providerStatus === 'saving') return void (await admin.delete?.(id)())
                await new Promise((resolve) => setImmediate(resolve))
              }
            })()
            const [answer] = await Promise.all([sending(), removing])
            return answer
          }
          return sending()
        },
      }),
  }
  const answer = await applyPlan(plan, gone)()
  used = bodiesSent()
  wrapped(used)
  return { ways, answer, bodies: used, tookMs: clock.now() - began, plan }
}

/** Visits all sequences. One that ends early represents all sequences with the same start. */
const distinct = async (visit: (ways: readonly Way[]) => Promise<number>): Promise<number> => {
  let count = 0
  const from = async (prefix: readonly Way[]): Promise<void> => {
    for (const way of NAMES) {
      const ways = [...prefix, way]
      const bodies = await visit(ways)
      count++
      if (ways.length < LENGTH && bodies > ways.length) await from(ways)
    }
  }
  await from([])
  return count
}

describe('outcomes of uploads', () => {
  // Uses real connections to the simulator. upload-sequences.long.test.ts covers all sequences of four with a model.
  it('ends each sequence of two outcomes with one complete image, or with an error and no untraceable image', async () => {
    const wrong: string[] = []
    const check = (ended: Ended, isRight: boolean, what: string): void => {
      if (!isRight)
        wrong.push(
          `${ended.ways.join(', ')}: ${what}${E.isLeft(ended.answer) ? ` (${ended.answer.left._tag}: ${ended.answer.left.what})` : ''}`,
        )
    }
    const count = await distinct(async (ways) => {
      const ended = await runThrough(ways)
      const { plan, answer, bodies, tookMs } = ended
      const images = await imagesNow()
      check(ended, bodies <= ATTEMPTS, `${bodies} bodies`)
      check(ended, tookMs <= MAX_WAIT_MS, `took ${tookMs / SECOND} s`)
      check(
        ended,
        deletedWhileSaving.length === 0,
        `deleted while it was saved: ${deletedWhileSaving.splice(0).join(', ')}`,
      )
      if (E.isRight(answer)) {
        check(
          ended,
          images.length === 1 &&
            images[0]?.status === 'available' &&
            images[0].digests.some(({ value }) => value === SHA512),
          `images: ${images.map(({ providerStatus }) => providerStatus).join(', ')}`,
        )
      } else {
        const left = await source.orphans?.()()
        const known = left !== undefined && E.isRight(left) ? left.right.map(({ id }) => id) : []
        check(
          ended,
          images.every(({ ref }) => known.includes(ref.id)),
          `left over and not found: ${images.map(({ ref, providerStatus }) => `${ref.id} ${providerStatus}`).join(', ')}`,
        )
        check(
          ended,
          images.every(({ providerStatus }) => providerStatus === 'saving'),
          `left, and could have been deleted: ${images.map(({ providerStatus }) => providerStatus).join(', ')}`,
        )
        check(ended, answer.left.what.length > 20 && answer.left.hint !== '', `says "${answer.left.what}"`)
      }
      // Resume without faults: succeeds, with the image that was being saved if it is complete.
      if (E.isLeft(answer) && (isRetryable(answer.left) || answer.left._tag === 'Rejected')) {
        simulator.faults.clear()
        clock.advance(2 * HOUR)
        const again = await applyPlan(plan, runOptions)()
        const after = await imagesNow()
        check(
          ended,
          E.isRight(again) && after.length === 1 && after[0]?.status === 'available',
          `resumed: ${E.isLeft(again) ? again.left.what : after.map(({ providerStatus }) => providerStatus).join(', ')}`,
        )
      } else check(ended, E.isRight(answer), 'an error that no resume mends')
      for (const { ref } of await imagesNow()) await admin.delete?.(ref.id)()
      return bodies
    })
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(50)
  }, 300_000)

  describe('bounds', () => {
    it('sends at most one body per attempt, however long the faults last', async () => {
      simulator.faults.clear()
      for (const fault of WAYS.queued) simulator.faults.add({ method: 'PUT', path: '**/file', fault })
      simulator.requests.clear()
      const answer = await applyPlan(createPlan('for ever'), runOptions)()
      expect(answer).toMatchObject({ left: { _tag: 'Unavailable' } })
      expect(bodiesSent()).toBe(ATTEMPTS)
      expect(await imagesNow()).toEqual([])
    })
  })
})
