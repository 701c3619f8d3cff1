import { connect, createServer, type Socket } from 'node:net'
import { runPsql } from '@imago/lab'
import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { createPlan } from '../../../transfer/test/journal/journal-store-suite.ts'
import { openDatabase, type Database } from '../../src/database/database.ts'
import { toDatabaseError } from '../../src/database/database-error.ts'
import { setUpDatabases } from '../databases.ts'

const databases = setUpDatabases()
const { closeAfterTest } = databases

const open = (): Database => {
  const database = openDatabase(databases.url())
  closeAfterTest(database.close)
  return database
}

/** The tag of the error of a transaction; `null`: it succeeded. */
const toTag = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (thrown: unknown) => toDatabaseError('', thrown)?._tag ?? String(thrown),
  )

/** A proxy of the server that can stop forwarding, as a network that loses all packets. Its connections stay open. */
const openProxy = async (): Promise<{ readonly url: string; readonly stopForwarding: () => void }> => {
  const sockets = new Set<Socket>()
  let isForwarding = true
  const target = new URL(databases.url())
  const listener = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => {
        if (isForwarding) to.write(data)
      })
      from.on('close', () => to.destroy())
      from.on('error', () => undefined)
    }
  })
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve))
  closeAfterTest(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => void listener.close(resolve))
  })
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const url = new URL(databases.url())
  url.port = String(address.port)
  return { url: url.href, stopForwarding: () => void (isForwarding = false) }
}

describe('openDatabase', () => {
  it('fails a transaction whose connection is closed between two statements, and connects again', async () => {
    const database = open()
    const tag = await toTag(
      database.transaction(async ({ rows }) => {
        const [{ pid } = { pid: 0 }] = await rows<{ readonly pid: number }>('SELECT pg_backend_pid() AS pid')
        runPsql(databases.url(), `SELECT pg_terminate_backend(${pid}, 10000)`)
        await rows('SELECT 1')
      }),
    )
    expect(tag).toBe('Unavailable')
    expect(await database.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('fails a transaction whose connection is closed during a statement, and connects again', async () => {
    const database = open()
    const tag = await toTag(database.transaction(({ rows }) => rows('SELECT pg_terminate_backend(pg_backend_pid())')))
    expect(tag).toBe('Unavailable')
    expect(await database.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('releases the locks of a transaction whose process is paused', async () => {
    const LOCK = "SELECT pg_advisory_xact_lock(hashtext('test'))"
    const [paused, other] = [open(), open()]
    let hold: () => void = () => undefined
    const isHeld = new Promise<void>((resolve) => {
      hold = resolve
    })
    let wake: () => void = () => undefined
    const isAwake = new Promise<void>((resolve) => {
      wake = resolve
    })
    const tag = toTag(
      paused.transaction(async ({ rows }) => {
        await rows(LOCK)
        hold()
        await isAwake
        await rows('SELECT 1')
      }),
    )
    await isHeld
    const others = await toTag(other.transaction(({ rows }) => rows(LOCK)))
    wake()
    expect(others).toBeNull()
    expect(await tag).toBe('Unavailable')
  }, 120_000)
})

describe('openPostgresJournals', () => {
  it('returns an error when the server stops responding', async () => {
    const proxy = await openProxy()
    const journals = await databases.openJournals(proxy.url)
    const taken = await journals.take(createPlan(), { now: () => '2026-01-01T00:00:00Z' })
    if (E.isLeft(taken)) throw new Error(taken.left.what)
    proxy.stopForwarding()
    expect(await taken.right.confirm()).toMatchObject({ left: { _tag: 'Unavailable' } })
  }, 120_000)
})
