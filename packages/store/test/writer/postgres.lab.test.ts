import { runPsql, startPostgres, type LabPostgres } from '@imago/lab'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { openStoreWriter, readStore } from '../../src/index.ts'
import { historySuite } from '../history-suite.ts'
import { image, left, prices, right, createState, store, target, usage } from '../stored.ts'

let server: LabPostgres

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const psql = (database: string, sql: string): string => {
  const url = new URL(server.url)
  url.pathname = database
  return runPsql(url.href, sql)
}

let count = 0
const createName = (): string => {
  const name = `store_${++count}`
  psql('postgres', `CREATE DATABASE ${name}`)
  return name
}
const createTarget = (name: string) => {
  const url = new URL(server.url)
  url.pathname = name
  return target(url.href)
}

historySuite('PostgreSQL', () => createTarget(createName()))

describe('a PostgreSQL database', () => {
  it('is read by psql', async () => {
    const name = createName()
    const images = [
      image('1', {
        name: 'line\nbreak\ttab \\N',
        size: { stored: 2 ** 53 - 1 },
        createdAt: '2026-01-01T00:00:00.123456Z',
        labels: { env: 'prod' },
        protected: true,
      }),
    ]
    const state = { usage: usage(), prices: prices() }
    right(await store(createTarget(name), { at: '2026-11-02T03:00:00Z', images, state }))
    expect(
      psql(
        name,
        "SELECT name = E'line\\nbreak\\ttab \\\\N', size_stored, created_at, labels->>'env', protected FROM imago.current_images",
      ),
    ).toBe('t|9007199254740991|2026-01-01 00:00:00.123456+00|prod|t')
    expect(psql(name, 'SELECT key, value FROM imago.image_labels JOIN imago.images USING (version)')).toBe('env|prod')
    expect(psql(name, 'SELECT by_name, depends_on FROM imago.usage')).toBe('web-1|f')
    expect(psql(name, 'SELECT per_gb_month_net * 2 FROM imago.prices')).toBe('0.0220')
  })

  it('discards a batch whose connection was closed', async () => {
    const name = createName()
    const run = { id: 'r', at: '2026-11-02T03:00:00Z', origin: 'live', selection: null, version: '0' } as const
    const writer = right(await openStoreWriter(createTarget(name), { run }))
    const batch = right(await writer.begin())
    batch.add(image('1'))
    right(await batch.flush())
    psql('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
    expect(E.isLeft(await batch.commit([createState()]))).toBe(true)
    await writer.discard()
    expect(psql(name, 'SELECT count(*) FROM imago.images')).toBe('0')
    expect(psql(name, 'SELECT count(*) FROM imago.runs')).toBe('0')
  })

  it('stores runs of two processes one after the other', async () => {
    const name = createName()
    const cloud = { provider: 'hetzner', cloud: 'staging', region: null }
    const [first, second] = await Promise.all([
      store(createTarget(name), { at: '2026-11-02T03:00:00Z', images: [image('1')] }),
      store(createTarget(name), { at: '2026-11-02T03:00:00Z', images: [image('1', {}, cloud)], state: { cloud } }),
    ])
    right(first)
    right(second)
    expect(psql(name, 'SELECT cloud FROM imago.images ORDER BY 1')).toBe('production\nstaging')
  })

  it('is shown without its password in errors', async () => {
    const url = new URL(server.url)
    url.password = 'wrong-password'
    const error = left(await readStore(target(url.href)))
    expect(error).toMatchObject({ _tag: 'StoreFailed', what: 'password authentication failed for user "imago"' })
    expect(JSON.stringify(error)).not.toContain('wrong-password')
  })
})
