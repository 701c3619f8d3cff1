import { createOpenstackSession, createOpenstackSourceFrom } from '@imago/adapter-openstack'
import type { AbortSignalLike, ImageError } from '@imago/core'
import { systemTiming } from '@imago/http'
import { applyPlan, planTransfer, type TransferOutcome, type Plan, type RunOptions } from '@imago/transfer'
import { describe, afterAll, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { createHash } from 'node:crypto'
import { accessSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModelGlance, type BodyFate } from './model-glance.ts'

const SECOND = 1000
const HOUR = 3_600_000

/** The outcomes of one request body. */
const WAYS = {
  ok: { part: null, answer: 204 },
  '408': { part: 0.5, answer: 408 },
  '413': { part: 0, answer: 413 },
  '502': { part: 0.5, answer: 502 },
  // Glance has received the body, and saves it slowly.
  '504': { part: null, answer: 504, saved: { ms: 25 * SECOND, into: 'active' } },
  'reset before': { part: 0.5, answer: null },
  'reset after': { part: null, answer: null, saved: { ms: 3 * SECOND, into: 'active' } },
  // Saves longer than imago waits for so few bytes.
  saving: { part: null, answer: 504, saved: { ms: HOUR, into: 'active' } },
  active: { part: null, answer: 502 },
  // The store fails.
  queued: { part: null, answer: 504, saved: { ms: 5 * SECOND, into: 'queued' } },
  // Another client deletes the image.
  gone: { part: null, answer: 504, saved: { ms: 5 * SECOND, into: 'gone' } },
} satisfies Readonly<Record<string, BodyFate>>

type Way = keyof typeof WAYS
const NAMES = Object.keys(WAYS) as readonly Way[]
const LENGTH = 4
const ATTEMPTS = 4

/** The longest wait for 66 KB to be saved, with the pauses between four attempts. */
const MAX_WAIT_MS = 10 * 60 * SECOND

/** A disk with a partition table, of several chunks. */
const DISK = Buffer.alloc(66_048, 'imago')
DISK.fill(0, 0, 512)
DISK.set([0x80, 0, 2, 0, 0x83, 0, 8, 0, 1, 0, 0, 0, 0x80, 0, 0, 0], 446)
DISK.set([0x55, 0xaa], 510)
const SHA512 = createHash('sha512').update(DISK).digest('hex')

/** Journals are flushed to the disk, which is fast on a disk in memory. */
const quickFolder = (): string => {
  try {
    accessSync('/dev/shm')
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}
const folder = mkdtempSync(join(quickFolder(), 'imago-sequences-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let now = Date.UTC(2026, 10, 29)
const clock = (): number => now
/** How long a failed run tries to delete its image. No fault here delays the deletion. */
const DELETION_MS = 15 * SECOND
const sleep = async (ms: number, signal?: AbortSignalLike): Promise<void> => {
  if (ms === DELETION_MS) return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
  now += ms
}

const glance = createModelGlance(clock)
const session = createOpenstackSession({
  name: 'model',
  region: {
    name: 'RegionOne',
    auth: {
      kind: 'keystone',
      url: `${glance.url}/v3`,
      methods: [{ method: 'password', user: { id: 'u' }, password: 'p' }],
      scope: null,
    },
    services: { image: { statusCodeRetries: 0, connectRetries: 0 } },
  },
  connection: { transport: glance.client, userAgent: 'imago/test', timing: systemTiming },
})
const source = createOpenstackSourceFrom(session, { clock, sleep })

const path = join(folder, 'disk.raw')
writeFileSync(path, DISK)
utimesSync(path, 1_700_000_000, 1_700_000_000)

const options: RunOptions = {
  openSource: () => TE.right(source),
  journals: join(folder, 'journal'),
  spoolDir: join(folder, 'spool'),
  retry: { attempts: ATTEMPTS, waitMs: 2 * SECOND, maxWaitMs: 30 * SECOND },
  timing: { clock, sleep },
}

const createPlan = (name: string): Plan =>
  planTransfer(
    { kind: 'file', path, size: DISK.length, modifiedAt: new Date(1_700_000_000_000).toISOString() },
    { kind: 'cloud', cloud: source.cloud, capabilities: source.capabilities },
    { name, sourceFormat: 'raw' },
  )

const isOneWhole = (): boolean => {
  const images = glance.images()
  return images.length === 1 && images[0]?.['status'] === 'active' && images[0]['os_hash_value'] === SHA512
}

const inWords = (answer: E.Either<ImageError, TransferOutcome>): string =>
  E.isLeft(answer) ? `${answer.left._tag}: ${answer.left.what}` : 'done'

/** Runs a plan whose bodies have these outcomes. Returns the errors found, and the number of bodies sent. */
const tried = async (ways: readonly Way[]): Promise<{ readonly bodies: number; readonly wrong: readonly string[] }> => {
  const wrong: string[] = []
  glance.begin(ways.map((way) => WAYS[way]))
  const plan = createPlan(ways.join(', '))
  const began = now
  const answer = await applyPlan(plan, options)()
  const bodies = glance.bodies()
  if (bodies > ATTEMPTS) wrong.push(`${bodies} bodies`)
  if (now - began > MAX_WAIT_MS) wrong.push(`took ${(now - began) / SECOND} s`)
  if (glance.deletedWhileSaving().length > 0) wrong.push('deleted while it was saved')
  if (E.isRight(answer)) {
    if (!isOneWhole()) wrong.push('not one whole image')
  } else {
    const left = await source.orphans?.()()
    const known = left !== undefined && E.isRight(left) ? left.right.map(({ id }) => id) : []
    for (const image of glance.images())
      if (image['status'] !== 'saving' || !known.includes(String(image['id'])))
        wrong.push(`left a ${String(image['status'])} image`)
    if (answer.left.what.length < 20 || answer.left.hint === '') wrong.push('an error that says nothing')
    // Resume without faults: adopts an image that was being saved, else uploads. Without a leftover image, short sequences suffice.
    if (glance.images().length > 0 || ways.length < 3) {
      now += 2 * HOUR
      const again = await applyPlan(plan, options)()
      if (E.isLeft(again) || !isOneWhole()) wrong.push(`resumed: ${inWords(again)}`)
    }
  }
  return { bodies, wrong: wrong.map((what) => `${ways.join(', ')}: ${what} (${inWords(answer)})`) }
}

describe('sequences of uploads', () => {
  /** A sequence that ends early represents all sequences with the same start. */
  it('ends each of the 14,641 sequences of four outcomes with one complete image, or with an error and no untraceable image', async () => {
    const wrong: string[] = []
    let covered = 0
    const from = async (prefix: readonly Way[]): Promise<void> => {
      for (const way of NAMES) {
        const ways = [...prefix, way]
        const { bodies, wrong: found } = await tried(ways)
        wrong.push(...found)
        if (ways.length < LENGTH && bodies > ways.length) await from(ways)
        else covered += NAMES.length ** (LENGTH - ways.length)
      }
    }
    await from([])
    expect(wrong).toEqual([])
    expect(covered).toBe(NAMES.length ** LENGTH)
  }, 300_000)
})
