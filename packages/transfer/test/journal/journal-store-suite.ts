import { describe, expect, it } from '@jest/globals'
import type { ImageError } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import type { Entry } from '../../src/journal/entry.ts'
import type { JournalStore, RunLease } from '../../src/journal/journal-store.ts'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'

/** The journals of one test. */
export interface JournalSubject {
  /** A store of another owner, for the same journals. */
  readonly open: () => Promise<JournalStore>
  /** Makes the owner of a run look dead, although its process still runs. */
  readonly abandon: (run: string) => Promise<void>
}

let plans = 0
/** A plan, and so a run, of its own. */
export const createPlan = (): Plan =>
  planTransfer(
    { kind: 'file', path: `/images/debian-${++plans}.raw`, size: 10, modifiedAt: null },
    {
      kind: 'cloud',
      cloud: { provider: 'memory', cloud: 'ünï', region: null },
      capabilities: createMemorySource().capabilities,
    },
  )

const OPTIONS = { now: () => '2026-01-01T00:00:00Z' }

const right = <A>(result: E.Either<ImageError, A>): A => {
  if (E.isLeft(result)) throw new Error(`${result.left._tag}: ${result.left.what}`)
  return result.right
}

const take = async (store: JournalStore, which: Plan | string): Promise<RunLease> =>
  right(await store.take(which, OPTIONS))

const synced = (bytes: number): Entry => ({ entry: 'synced', item: 'source', bytes })
const IN_USE = { left: { _tag: 'Conflict', reason: 'in_use' } }
const FENCED = { left: { _tag: 'Conflict', reason: 'fenced' } }
const NOT_FOUND = { left: { _tag: 'NotFound' } }

/** The contract of `JournalStore`. */
export const journalStoreSuite = (name: string, create: () => Promise<JournalSubject>): void => {
  describe(`${name}, as a journal store`, () => {
    it('creates a run in epoch 1, with its plan', async () => {
      const { open } = await create()
      const [store, other] = [await open(), await open()]
      const plan = createPlan()
      expect(await store.read(plan.id)).toMatchObject(NOT_FOUND)
      expect(await store.take(plan.id, OPTIONS)).toMatchObject(NOT_FOUND)
      const lease = await take(store, plan)
      expect(lease.epoch).toBe(1)
      expect(lease.lines).toMatchObject([{ entry: 'started', epoch: 1, plan }])
      expect(right(await other.read(plan.id)).lines).toEqual(lease.lines)
      await lease.release()
    })

    it('returns NotFound for what is not the ID of a run', async () => {
      const store = await (await create()).open()
      for (const run of ['', 'x', '../x', "' OR true --"]) {
        expect(await store.take(run, OPTIONS)).toMatchObject(NOT_FOUND)
        expect(await store.read(run)).toMatchObject(NOT_FOUND)
        expect(await store.delete(run)).toMatchObject(NOT_FOUND)
      }
    })

    it('keeps entries in order, with any text', async () => {
      const { open } = await create()
      const store = await open()
      const lease = await take(store, createPlan())
      const texts = [
        'line\nbreak',
        'nul \u0000',
        'half \ud83d',
        '🜚 ünï',
        "'); DROP TABLE run; --",
        '{"v":3}',
        '\\u0000',
      ]
      const entries = [
        ...texts.map((what): Entry => ({ entry: 'failed', error: 'Unavailable', what })),
        ...Array.from({ length: 100 }, (_, at) => synced(at)),
      ]
      for (const entry of entries) right(await lease.append(entry))
      const run = lease.lines[0]?.entry === 'started' ? lease.lines[0].plan.id : ''
      expect(right(await (await open()).read(run)).lines.slice(1)).toMatchObject(entries)
      await lease.release()
    })

    it('refuses to take or delete a run that another owner holds, until it is released', async () => {
      const { open } = await create()
      const [store, other] = [await open(), await open()]
      const plan = createPlan()
      const lease = await take(store, plan)
      expect(await other.take(plan, OPTIONS)).toMatchObject(IN_USE)
      expect(await other.take(plan.id, OPTIONS)).toMatchObject(IN_USE)
      expect(await other.delete(plan.id)).toMatchObject(IN_USE)
      expect(right(await other.read(plan.id)).isHeld).toBe(true)
      await lease.release()
      expect(right(await other.read(plan.id)).isHeld).toBe(false)
      const next = await take(other, plan)
      expect(next.epoch).toBe(2)
      expect(next.lines.map(({ entry, epoch }) => `${entry} ${epoch}`)).toEqual(['started 1', 'taken 2'])
      await next.release()
    })

    it('fences an owner once another has taken its run', async () => {
      const { open, abandon } = await create()
      const [store, other] = [await open(), await open()]
      const plan = createPlan()
      const stale = await take(store, plan)
      right(await stale.append(synced(1)))
      right(await stale.confirm())
      await abandon(plan.id)
      const lease = await take(other, plan.id)
      expect(lease.epoch).toBe(2)
      right(await lease.append(synced(2)))
      expect(await stale.append(synced(3))).toMatchObject(FENCED)
      expect(await stale.confirm()).toMatchObject(FENCED)
      // It must not release the lease of the other.
      await stale.release()
      right(await lease.append(synced(4)))
      expect(await store.take(plan, OPTIONS)).toMatchObject(IN_USE)
      const { lines } = right(await store.read(plan.id))
      expect(lines.flatMap((line) => (line.entry === 'synced' ? line.bytes : []))).toEqual([1, 2, 4])
      await lease.release()
    })

    it('lets exactly one of several takers write', async () => {
      const { open, abandon } = await create()
      const stores = await Promise.all(Array.from({ length: 6 }, open))
      const plan = createPlan()
      let stale = await take(await open(), plan)
      for (let round = 2; round < 8; round++) {
        await abandon(plan.id)
        const results = await Promise.all(stores.map((store) => store.take(plan.id, OPTIONS)))
        const leases = results.filter(E.isRight).map((one) => one.right)
        const written = await Promise.all(leases.map((lease) => lease.append(synced(round))))
        expect(written.filter(E.isRight)).toHaveLength(1)
        for (const refused of results.filter(E.isLeft)) expect(refused).toMatchObject(IN_USE)
        const { lines } = right(await stores[0]!.read(plan.id))
        const newest = leases[written.findIndex(E.isRight)] as RunLease
        expect(newest.epoch).toBe(Math.max(...lines.map(({ epoch }) => epoch)))
        expect(newest.epoch).toBeGreaterThan(stale.epoch)
        expect(lines.filter((line) => line.entry === 'synced' && line.bytes === round)).toHaveLength(1)
        expect(await stale.append(synced(0))).toMatchObject(FENCED)
        await stale.release()
        stale = newest
      }
      await stale.release()
    })

    it('creates a run once, if several owners start its plan', async () => {
      const { open } = await create()
      const stores = await Promise.all(Array.from({ length: 6 }, open))
      const plan = createPlan()
      const results = await Promise.all(stores.map((store) => store.take(plan, OPTIONS)))
      expect(results.filter(E.isRight)).toMatchObject([{ right: { epoch: 1 } }])
      for (const refused of results.filter(E.isLeft)) expect(refused).toMatchObject(IN_USE)
      await Promise.all(results.filter(E.isRight).map((one) => one.right.release()))
    })

    it('shows a reader complete entries while the owner writes', async () => {
      const { open } = await create()
      const [store, reader] = [await open(), await open()]
      const plan = createPlan()
      const lease = await take(store, plan)
      const seen: number[] = []
      let isDone = false
      const reading = (async () => {
        while (!isDone) {
          const { lines } = right(await reader.read(plan.id))
          expect(lines.slice(1)).toMatchObject(lines.slice(1).map((_, at) => synced(at)))
          seen.push(lines.length)
        }
      })()
      for (let at = 0; at < 60; at++) right(await lease.append(synced(at)))
      isDone = true
      await reading
      expect(seen).toEqual(seen.toSorted((one, other) => one - other))
      expect(new Set(seen).size).toBeGreaterThan(2)
      await lease.release()
    })

    it('visits each run once, with what reading it returns', async () => {
      const { open } = await create()
      const [store, other] = [await open(), await open()]
      const readAll = async (): Promise<Map<string, unknown>> => {
        const visited = new Map<string, unknown>()
        right(
          await other.readEach((run, stored) => {
            if (visited.has(run)) throw new Error(`visited twice: ${run}`)
            visited.set(run, stored)
          }),
        )
        return visited
      }
      expect(await readAll()).toEqual(new Map())
      const plans = Array.from({ length: 5 }, createPlan)
      const leases = await Promise.all(plans.map((plan) => take(store, plan)))
      for (const [at, lease] of leases.entries())
        for (let bytes = 0; bytes < at; bytes++) right(await lease.append(synced(bytes)))
      await leases[1]?.release()
      const reads = await Promise.all(plans.map(async ({ id }) => [id, await store.read(id)] as const))
      const visited = await readAll()
      expect(visited).toEqual(new Map(reads))
      expect(visited.get(plans[1]?.id ?? '')).toMatchObject({ right: { isHeld: false } })
      expect(visited.get(plans[4]?.id ?? '')).toMatchObject({ right: { isHeld: true } })
      await expect(
        other.readEach(() => {
          throw new Error('not now')
        }),
      ).rejects.toThrow('not now')
      await Promise.all(leases.map((lease) => lease.release()))
    })

    it('lists runs, and deletes those that nobody holds', async () => {
      const { open, abandon } = await create()
      const [store, other] = [await open(), await open()]
      expect(right(await store.list())).toEqual([])
      const all = [createPlan(), createPlan(), createPlan()]
      const leases = await Promise.all(all.map((plan) => take(store, plan)))
      const ids = all.map(({ id }) => id)
      expect(right(await other.list())).toEqual(ids.toSorted())
      const [first = '', second = ''] = ids
      await leases[0]?.release()
      let isThere = false
      right(await other.delete(first, async () => void (isThere = E.isRight(await store.read(first)))))
      expect(isThere).toBe(true)
      expect(right(await store.list())).toEqual(ids.slice(1).toSorted())
      expect(await other.delete(first)).toMatchObject(NOT_FOUND)
      expect(await other.read(first)).toMatchObject(NOT_FOUND)
      await abandon(second)
      await expect(other.delete(second, () => Promise.reject(new Error('not now')))).rejects.toThrow('not now')
      expect(right(await store.list())).toContain(second)
      right(await other.delete(second))
      // The plan runs again, in the epoch of its deleted run.
      const again = await take(other, all[1] as Plan)
      expect(again.epoch).toBe(leases[1]?.epoch)
      expect(await leases[1]?.append(synced(1))).toMatchObject(FENCED)
      right(await again.append(synced(2)))
      await Promise.all([...leases, again].map((lease) => lease.release()))
    })
  })
}
