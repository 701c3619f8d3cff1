import { describe, expect, it } from '@jest/globals'
import { createErrorSite, notFound } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { createServer, type AddressInfo } from 'node:net'
import type { Database } from '../../src/database/database.ts'
import { serveWorker } from '../../src/operations/serve-worker.ts'
import type { WorkerEvent } from '../../src/worker/worker.ts'

const SITE = createErrorSite({ provider: 'test', cloud: null }, 'upload')
const LOOPBACK = { host: '127.0.0.1', port: 0 }

const createDatabase = (rows: () => Promise<readonly object[]>): Database => ({
  title: 'postgres://db.example.com/imago',
  rows: rows as Database['rows'],
  transaction: () => Promise.reject(new Error('not used')),
  close: () => Promise.resolve(),
})

const counting = createDatabase(() => Promise.resolve([{ state: 'queued', transfers: 7 }]))
const away = createDatabase(() => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })))

interface Answer {
  readonly status: number
  readonly text: string
}

/** Serves a worker that had these events, and reads pages of it. */
const readPages = async (
  database: Database,
  events: readonly WorkerEvent[],
  ...paths: readonly string[]
): Promise<readonly Answer[]> => {
  let url = ''
  const answers: Answer[] = []
  const ended = await serveWorker(LOOPBACK, database, {
    onEvent: (event) => {
      if (event.event === 'listening') ({ url } = event)
    },
    work: async (onEvent) => {
      for (const event of events) onEvent(event)
      for (const path of paths) {
        const response = await fetch(url + path)
        answers.push({ status: response.status, text: await response.text() })
      }
    },
  })
  expect(ended).toEqual(E.right(undefined))
  await expect(fetch(url)).rejects.toThrow()
  return answers
}

const started: WorkerEvent = { event: 'started', worker: 'w' }
const stopping: WorkerEvent = { event: 'stopping', running: 1 }

describe('serveWorker', () => {
  it('is alive while the worker runs, and says which pages there are', async () => {
    expect(await readPages(counting, [], '/healthz', '/', '/healthz?verbose')).toEqual([
      { status: 200, text: 'alive\n' },
      { status: 404, text: 'not found. Use /healthz, /readyz, /metrics\n' },
      { status: 200, text: 'alive\n' },
    ])
  })

  it.each<readonly [string, Database, readonly WorkerEvent[], Answer]>([
    ['is not ready before the worker has started', counting, [], { status: 503, text: 'starting\n' }],
    ['is ready when it has', counting, [started], { status: 200, text: 'ready\n' }],
    ['is not ready when it stops', counting, [started, stopping], { status: 503, text: 'stopping\n' }],
    ['is not ready without its database', away, [started], { status: 503, text: 'database not reachable\n' }],
  ])('%s', async (_, database, events, answer) =>
    expect(await readPages(database, events, '/readyz')).toEqual([answer]),
  )

  it('counts attempts, errors and transfers', async () => {
    const begin = (run: string, attempt: number): WorkerEvent => ({ event: 'begun', run, attempt })
    const error = notFound(SITE, { what: 'gone' })
    const [{ status, text } = { status: 0, text: '' }] = await readPages(
      counting,
      [
        started,
        begin('a', 1),
        begin('b', 2),
        begin('c', 1),
        { event: 'settled', run: 'a', settlement: { to: 'failed', error } },
        { event: 'lost', run: 'b' },
        { event: 'trouble', message: 'away' },
      ],
      '/metrics',
    )
    expect(status).toBe(200)
    const lines = text.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'imago_fleet_transfers{state="queued"} 7',
        'imago_fleet_transfers{state="done"} 0',
        'imago_worker_transfers_running 1',
        'imago_worker_attempts_total{result="failed"} 1',
        'imago_worker_attempts_total{result="lost"} 1',
        'imago_worker_errors_total{reason="NotFound",final="true"} 1',
        'imago_worker_continued_total 1',
        'imago_worker_database_errors_total 1',
      ]),
    )
    expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true)
  })

  it('omits what only the database knows while it is away', async () => {
    const [{ text } = { text: '' }] = await readPages(away, [started], '/metrics')
    expect(text).not.toContain('imago_fleet_transfers{')
    expect(text).toContain('imago_worker_transfers_running 0')
  })

  it('refuses an address that is in use, and does not start the worker', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const refused = await serveWorker({ host: '127.0.0.1', port }, counting, {
      onEvent: () => undefined,
      work: () => Promise.reject(new Error('it was started')),
    })
    other.close()
    expect(refused).toMatchObject({
      left: { _tag: 'ConfigInvalid', hint: 'Use another address or port for --listen' },
    })
  })

  it('allows only reading', async () => {
    let reached = ''
    await serveWorker(LOOPBACK, counting, {
      onEvent: (event) => {
        if (event.event === 'listening') reached = event.url
      },
      work: async () => {
        expect((await fetch(`${reached}/metrics`, { method: 'POST' })).status).toBe(405)
        expect((await fetch(`${reached}/healthz`, { method: 'HEAD' })).status).toBe(200)
      },
    })
  })
})
