import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listAll, type ImageSource } from '@imago/core'
import { runPsql } from '@imago/lab'
import { createMemorySource, bareImage } from '@imago/testkit'
import { applyPlan, isFenced, listRuns, planTransfer, resumeRuns, type RunManyOptions } from '@imago/transfer'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createPlan, journalStoreSuite } from '../../../transfer/test/journal/journal-store-suite.ts'
import { createPostgresJournals } from '../../src/journal/postgres-journals.ts'
import { openPostgresJournals } from '../../src/index.ts'
import { setUpDatabases } from '../databases.ts'

const databases = setUpDatabases()
const { create: createDatabase, openJournals: open, openPool: createPool, closeAfterTest } = databases

const expire = (url: string, run: string): string =>
  runPsql(url, `UPDATE imago_fleet.run SET held_until = clock_timestamp() - interval '1 second' WHERE id = '${run}'`)

const OPTIONS = { now: () => '2026-01-01T00:00:00Z' }

journalStoreSuite('PostgreSQL', async () => {
  const url = createDatabase()
  return { open: () => open(url), abandon: async (run) => void expire(url, run) }
})

describe('listRuns of PostgreSQL journals', () => {
  it('reads hundreds of runs with few statements, and reports those it cannot read', async () => {
    const url = createDatabase()
    const journals = await open(url)
    for (let count = 0; count < 300; count++) {
      const lease = await journals.take(createPlan(), OPTIONS)
      if (E.isLeft(lease)) throw new Error(lease.left.what)
      await lease.right.release()
    }
    runPsql(
      url,
      `INSERT INTO imago_fleet.entry (run, n, epoch, body)
         SELECT id, n, 1, json_build_object('v', started.body->'v', 'at', started.body->'at', 'epoch', 1,
           'entry', 'synced', 'item', 'source', 'bytes', n)
         FROM imago_fleet.run, generate_series(2, 10) AS n, (SELECT body FROM imago_fleet.entry LIMIT 1) AS started;
       UPDATE imago_fleet.entry SET body = '{}' WHERE n = 3 AND run = (SELECT max(id) FROM imago_fleet.run)`,
    )
    const pool = createPool(url)
    let statements = 0
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
      Object.assign(client, { query: (...parameters: unknown[]) => (statements++, query(...parameters)) })
    })
    const listed = await listRuns(createPostgresJournals(pool, 'test'))()
    const runs = E.isRight(listed) ? listed.right : []
    expect(new Set(runs.map(({ run }) => run)).size).toBe(300)
    expect(runs.map(({ state }) => state).filter((state) => state === 'stopped')).toHaveLength(299)
    expect(runs.filter(({ state }) => state === 'unreadable')).toMatchObject([{ reason: expect.any(String) }])
    // 3000 entries, a thousand at a time.
    expect(statements).toBeLessThan(10)
  })
})

describe('the lease of a run in PostgreSQL', () => {
  it('is extended while its owner writes nothing', async () => {
    const url = createDatabase()
    const [journals, other] = [await open(url, { leaseSeconds: 1 }), await open(url)]
    const plan = createPlan()
    const lease = await journals.take(plan, OPTIONS)
    const read = (): string => runPsql(url, 'SELECT held_until FROM imago_fleet.run')
    const ends = new Set([read()])
    while (ends.size < 5) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      ends.add(read())
    }
    expect(await other.take(plan, OPTIONS)).toMatchObject({ left: { reason: 'in_use' } })
    if (E.isRight(lease)) await lease.right.release()
  })

  it('reports without an entry that another owner has taken the run', async () => {
    const url = createDatabase()
    const [journals, other] = [await open(url, { leaseSeconds: 1 }), await open(url)]
    const plan = createPlan()
    let lease: unknown
    const fenced = new Promise((resolve) => {
      lease = journals.take(plan, { ...OPTIONS, onFenced: resolve })
    })
    await lease
    while (E.isLeft(await other.take(plan.id, OPTIONS))) expire(url, plan.id)
    expect(await fenced).toMatchObject({ _tag: 'Conflict', reason: 'fenced' })
  })

  it('survives broken connections', async () => {
    const url = createDatabase()
    const journals = await open(url)
    const plan = createPlan()
    const taken = await journals.take(plan, OPTIONS)
    if (E.isLeft(taken)) throw new Error(taken.left.what)
    const written: number[] = []
    for (let bytes = 0; bytes < 20; bytes++) {
      if (bytes % 4 === 0)
        runPsql(
          databases.url(),
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'imago fleet'`,
        )
      const result = await taken.right.append({ entry: 'synced', item: 'source', bytes })
      if (E.isRight(result)) written.push(bytes)
      else expect(result.left._tag).toBe('Unavailable')
    }
    const read = await journals.read(plan.id)
    const stored = E.isRight(read)
      ? read.right.lines.flatMap((line) => (line.entry === 'synced' ? line.bytes : []))
      : []
    expect(stored).toEqual(expect.arrayContaining(written))
    expect(written.length).toBeGreaterThan(10)
    await taken.right.release()
  })
})

describe('openPostgresJournals', () => {
  it('shows no password in messages', async () => {
    const url = new URL(createDatabase())
    const journals = await open(url.href)
    expect(journals.describe('a-run')).toMatch(/^a-run in postgres:\/\/imago:\*\*\*@/)
    url.password = 'geheim'
    const refused = await openPostgresJournals(url.href)
    expect(refused).toMatchObject({ left: { _tag: 'Unauthorized' } })
    expect(JSON.stringify(refused)).not.toContain('geheim')
  })

  it('returns Unavailable if there is no server', async () => {
    expect(await openPostgresJournals('postgres://imago:geheim@127.0.0.1:1/x')).toMatchObject({
      left: { _tag: 'Unavailable', what: expect.not.stringContaining('geheim') },
    })
  })
})

describe('a transfer with its journal in PostgreSQL', () => {
  const DISK = Uint8Array.from({ length: 200_192 }, (_, index) => (index * 7 + (index >> 8)) % 256)
  const TO = { provider: 'memory', cloud: 'to', region: null }

  const stage = async () => {
    const dir = mkdtempSync(join(tmpdir(), 'imago-fleet-'))
    closeAfterTest(async () => rmSync(dir, { recursive: true, force: true }))
    const url = createDatabase()
    const ref = { provider: 'memory', cloud: 'from', region: null }
    const image = bareImage('debian', {
      name: 'debian',
      status: 'available',
      architecture: 'x86_64',
      format: { disk: 'raw', container: 'bare' },
      size: { stored: DISK.length, virtual: DISK.length, minDisk: null, minRam: null },
    })
    const from = createMemorySource({ cloud: ref, images: [image], bytes: { debian: DISK } })
    const to = createMemorySource({ cloud: TO })
    const plan = planTransfer(
      { kind: 'image', image: { ...image, ref: { ...ref, id: 'debian' } }, capabilities: from.capabilities },
      { kind: 'cloud', cloud: TO, capabilities: to.capabilities },
    )
    /** A worker on a machine of its own. */
    const createWorker = async (name: string, target: ImageSource = to): Promise<RunManyOptions> => ({
      openSource: ({ cloud }) => TE.right(cloud === 'to' ? target : from),
      journals: await open(url),
      spoolDir: join(dir, name),
      retry: { attempts: 1, waitMs: 1, maxWaitMs: 1 },
    })
    const listNames = async () => {
      const images = await listAll(to, { hidden: 'include' })()
      return E.isRight(images) ? images.right.items.map(({ status }) => status) : []
    }
    return { url, plan, to, createWorker, listNames }
  }

  it('is continued by another worker, which fetches again, while the paused one changes nothing', async () => {
    const { url, plan, to, createWorker, listNames } = await stage()
    let pause: () => void = () => undefined
    let resume: () => void = () => undefined
    const paused = new Promise<void>((resolve) => (pause = resolve))
    const resumed = new Promise<void>((resolve) => (resume = resolve))
    const late: string[] = []
    // Paused before its upload, like a process that is stopped for longer than its lease.
    const pausing: ImageSource = {
      ...to,
      create: (request, options) => async () => {
        const created = await (to.create as NonNullable<ImageSource['create']>)(request, options)()
        pause()
        await resumed
        return created
      },
      upload: (id, bytes, options) => {
        late.push('upload')
        return (to.upload as NonNullable<ImageSource['upload']>)(id, bytes, options)
      },
      delete: (id, options) => {
        late.push('delete')
        return (to.delete as NonNullable<ImageSource['delete']>)(id, options)
      },
    }
    const stale = applyPlan(plan, await createWorker('one', pausing))()
    await paused
    const second = await createWorker('two')
    expect(await resumeRuns('all', second)).toMatchObject([{ result: { left: { reason: 'in_use' } } }])
    expect(await listRuns(second.journals)()).toMatchObject({ right: [{ run: plan.id, state: 'running' }] })
    expire(url, plan.id)
    expect(await resumeRuns('all', second)).toMatchObject([{ result: { right: { verified: 'digest-match' } } }])
    resume()
    const result = await stale
    expect(E.isLeft(result) && isFenced(result.left)).toBe(true)
    expect(late).toEqual([])
    expect(await listNames()).toEqual(['available'])
    expect(runPsql(url, 'SELECT state, epoch FROM imago_fleet.run')).toBe('done|2')
  })
})
