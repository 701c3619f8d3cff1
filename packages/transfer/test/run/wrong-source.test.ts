import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createByteSource, ImageException, unavailable, type ByteSource, type ImageSource } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { TransferSource, TransferTarget } from '../../src/plan/transfer-input.ts'
import { applyPlan, applyPlans, resumeRuns } from '../../src/run/apply.ts'
import { TRANSFER_SITE } from '../../src/run/context.ts'
import { listRuns } from '../../src/run/list-runs.ts'
import type { OpenedUrl, RunOptions } from '../../src/run/options.ts'
import type { TransferEvent } from '../../src/run/transfer-event.ts'
import { TRIES_AT_ONE_BYTE } from '../../src/run/same-end.ts'
import { DISK, fileImage, sha512, TARGET } from './rig.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-wrong-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const OTHER = DISK.map((byte, index) => (index === 100_000 ? byte ^ 1 : byte))
const given = (bytes: Uint8Array) =>
  [
    {
      algorithm: 'sha256',
      value: createHash('sha256').update(bytes).digest('hex'),
      from: null,
      name: null,
      signature: 'none',
    },
  ] as const

const createCloud = (): ImageSource =>
  createMemorySource({ cloud: TARGET, images: [fileImage('debian', DISK)], bytes: { debian: DISK } })
const into = ({ capabilities, cloud }: ImageSource): TransferTarget => ({ kind: 'cloud', cloud, capabilities })
const createUrl = (fields: { readonly size?: number | null; readonly etag?: string | null } = {}): TransferSource => ({
  kind: 'url',
  url: 'https://example.org/disk.raw',
  size: DISK.length,
  etag: null,
  ...fields,
})

/** A server of one file, which counts how often its bytes are read. */
const createServer = (first: OpenedUrl) => {
  let now = first
  const reads: number[] = []
  const counted = (bytes: ByteSource): ByteSource => ({
    ...bytes,
    open: (range, signal) => {
      reads.push(range?.start ?? 0)
      return bytes.open(range, signal)
    },
  })
  return {
    reads,
    set: (next: OpenedUrl) => void (now = next),
    openUrl: () => TE.right({ ...now, bytes: counted(now.bytes) }),
  }
}

const createOptions = (source: ImageSource, more: Partial<RunOptions> = {}): RunOptions => ({
  openSource: () => TE.right(source),
  journals: join(dir, 'journal'),
  spoolDir: join(dir, 'spool'),
  retry: { attempts: 6, waitMs: 1, maxWaitMs: 1 },
  timing: { clock: () => Date.UTC(2026, 0, 1), sleep: async () => undefined },
  ...more,
})

const spooled = (): readonly string[] => (existsSync(join(dir, 'spool')) ? readdirSync(join(dir, 'spool')) : [])

/** Bytes whose connection breaks after `at` bytes. */
const breakingAt = (bytes: Uint8Array, at: number): ByteSource => ({
  size: bytes.length,
  open: (range) =>
    TE.right(
      (async function* () {
        const start = range?.start ?? 0
        for (let from = start; from < at; from += 10_000) yield bytes.slice(from, Math.min(at, from + 10_000))
        throw new ImageException(
          unavailable(TRANSFER_SITE, {
            what: 'the response was truncated',
            truncated: { received: Math.max(start, at), expected: bytes.length },
          }),
        )
      })(),
    ),
})

describe('a run with a source whose bytes are wrong', () => {
  it('does not read an unchanged source again', async () => {
    const cloud = createCloud()
    const server = createServer({
      bytes: createByteSource(DISK),
      etag: null,
      lastModified: 'Mon, 01 Jun 2026 10:00:00 GMT',
    })
    const options = createOptions(cloud, { openUrl: server.openUrl })
    const plan = planTransfer(createUrl(), into(cloud), { sourceDigests: given(OTHER) })
    const wrong = {
      _tag: 'IntegrityFailed',
      expected: `sha256:${given(OTHER)[0].value}`,
      actual: `sha256:${given(DISK)[0].value}`,
      remedy: 'new-source',
    }
    expect(await applyPlan(plan, options)()).toMatchObject({ left: wrong })
    expect(server.reads).toHaveLength(1)
    expect(await listRuns(options.journals)()).toMatchObject({
      right: [{ state: 'refused', untilSourceChanges: true }],
    })

    expect(await resumeRuns([plan.id], options)).toMatchObject([
      { result: { left: { ...wrong, hint: expect.stringContaining('has not changed since') } } },
    ])
    expect(await resumeRuns('all', options)).toMatchObject([{ result: { left: wrong } }])
    expect(await applyPlans([plan], options)).toMatchObject([{ result: { left: wrong } }])
    expect(server.reads).toHaveLength(1)
    expect(spooled()).toEqual([])
    expect(await listRuns(options.journals)()).toMatchObject({
      right: [{ state: 'refused', untilSourceChanges: true }],
    })
  })

  it('reads the source again once it has changed', async () => {
    const cloud = createCloud()
    const server = createServer({
      bytes: createByteSource(OTHER),
      etag: null,
      lastModified: 'Mon, 01 Jun 2026 10:00:00 GMT',
    })
    const options = createOptions(cloud, { openUrl: server.openUrl })
    const plan = planTransfer(createUrl(), into(cloud), { sourceDigests: given(DISK) })
    expect(await applyPlan(plan, options)()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    server.set({ bytes: createByteSource(DISK), etag: null, lastModified: 'Tue, 02 Jun 2026 10:00:00 GMT' })
    expect(await resumeRuns('all', options)).toMatchObject([
      { result: { right: { source: { by: 'given-digest' }, digests: { sha512: sha512(DISK) } } } },
    ])
    expect(server.reads).toHaveLength(2)
  })

  it('leaves nothing in the spool if a new plan is needed', async () => {
    const cloud = createCloud()
    const packed = Buffer.concat([gzipSync(DISK), Buffer.from('what follows')])
    const server = createServer({ bytes: createByteSource(packed), etag: null })
    const options = createOptions(cloud, { openUrl: server.openUrl })
    const source: TransferSource = {
      kind: 'url',
      url: 'https://example.org/disk.raw.gz',
      size: packed.length,
      etag: null,
    }
    expect(await applyPlan(planTransfer(source, into(cloud)), options)()).toMatchObject({
      left: { _tag: 'Rejected', remedy: 'new-plan' },
    })
    expect(spooled()).toEqual([])
    expect(await listRuns(options.journals)()).toMatchObject({ right: [{ state: 'refused' }] })
  })

  it('still refuses the source after it was unavailable', async () => {
    const cloud = createCloud()
    const server = createServer({ bytes: createByteSource(DISK), etag: '"1"' })
    const plan = planTransfer(createUrl({ etag: '"1"' }), into(cloud), { sourceDigests: given(OTHER) })
    await applyPlan(plan, createOptions(cloud, { openUrl: server.openUrl }))()
    const down = createOptions(cloud, {
      openUrl: () => TE.left(unavailable(TRANSFER_SITE, { what: 'the server is down' })),
    })
    expect(await resumeRuns('all', down)).toMatchObject([{ result: { left: { _tag: 'Unavailable' } } }])
    expect(await resumeRuns('all', createOptions(cloud, { openUrl: server.openUrl }))).toMatchObject([
      { result: { left: { _tag: 'IntegrityFailed' } } },
    ])
    expect(server.reads).toHaveLength(1)
  })

  it('refuses a damaged file until it is replaced', async () => {
    const cloud = createCloud()
    const path = join(dir, 'disk.raw.gz')
    const write = (bytes: Uint8Array): void => {
      writeFileSync(path, bytes)
      utimesSync(path, 1_700_000_000, 1_700_000_000)
    }
    const whole = gzipSync(DISK)
    const damaged = Uint8Array.from(whole, (byte, index) => (index === whole.length - 6 ? byte ^ 1 : byte))
    write(damaged)
    const source: TransferSource = {
      kind: 'file',
      path,
      size: damaged.length,
      modifiedAt: new Date(1_700_000_000_000).toISOString(),
    }
    const events: TransferEvent[] = []
    const options = createOptions(cloud, { onEvent: (event) => void events.push(event) })
    const plan = planTransfer(source, into(cloud))
    expect(await applyPlan(plan, options)()).toMatchObject({ left: { _tag: 'IntegrityFailed', remedy: 'new-source' } })
    const before = events.length
    expect(await resumeRuns('all', options)).toMatchObject([{ result: { left: { _tag: 'IntegrityFailed' } } }])
    expect(events.slice(before).map(({ event }) => event)).toEqual(['failed'])
    // Size and modification time stay the same, as with some tools: only the inode change time differs.
    write(whole)
    expect(await resumeRuns('all', options)).toMatchObject([{ result: { right: { verified: 'digest-match' } } }])
  })

  it('reads an image again once its record has changed', async () => {
    const record = fileImage('debian', DISK, { updatedAt: '2026-01-01T00:00:00Z' })
    const downloads: string[] = []
    let updatedAt = '2026-01-01T00:00:00Z'
    let stored: Uint8Array = OTHER
    const target = createCloud()
    const from: ImageSource = {
      ...createMemorySource({ cloud: { ...TARGET, cloud: 'from' }, images: [record], bytes: { debian: DISK } }),
      get: () => TE.right({ ...record, updatedAt }),
      download: () => {
        downloads.push(updatedAt)
        return TE.right(createByteSource(stored))
      },
    }
    const options = createOptions(target, { openSource: ({ cloud }) => TE.right(cloud === 'from' ? from : target) })
    const source = { ...record, ref: { ...TARGET, cloud: 'from', id: 'debian' } }
    const plan = planTransfer({ kind: 'image', image: source, capabilities: from.capabilities }, into(target), {
      name: 'copy',
    })
    expect(await applyPlan(plan, options)()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(await applyPlan(plan, options)()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(downloads).toHaveLength(1)
    updatedAt = '2026-02-01T00:00:00Z'
    stored = DISK
    expect(await resumeRuns('all', options)).toMatchObject([
      { result: { right: { source: { by: 'provider-digest' } } } },
    ])
    expect(downloads).toHaveLength(2)
  })
})

describe('a run with an image that has changed', () => {
  const run = async (changes: Partial<ImageSource>) => {
    const record = fileImage('debian', DISK)
    const target = createCloud()
    const from: ImageSource = {
      ...createMemorySource({ cloud: { ...TARGET, cloud: 'from' }, images: [record], bytes: { debian: DISK } }),
      ...changes,
    }
    const options = createOptions(target, { openSource: ({ cloud }) => TE.right(cloud === 'from' ? from : target) })
    const image = { ...record, ref: { ...TARGET, cloud: 'from', id: 'debian' } }
    const plan = planTransfer({ kind: 'image', image, capabilities: from.capabilities }, into(target), { name: 'copy' })
    return applyPlan(plan, options)()
  }

  it('asks for a new plan if the download has another size than the image', async () => {
    expect(await run({ download: () => TE.right(createByteSource(DISK.slice(512))) })).toMatchObject({
      left: {
        _tag: 'IntegrityFailed',
        hint: 'Create a new plan',
        remedy: 'new-plan',
        expected: `${DISK.length} bytes`,
        actual: `${DISK.length - 512} bytes`,
      },
    })
  })

  it.each([
    [DISK.length + 512, `${DISK.length + 512} bytes`],
    [null, 'unknown'],
  ])('asks for a new plan if the size of the image is now %s', async (stored, shown) => {
    const record = fileImage('debian', DISK)
    expect(await run({ get: () => TE.right({ ...record, size: { ...record.size, stored } }) })).toMatchObject({
      left: { what: expect.stringContaining(`its size was ${DISK.length}, and is ${shown}`), remedy: 'new-plan' },
    })
  })

  it('asks to reactivate an image that is deactivated', async () => {
    expect(await run({ get: () => TE.right(fileImage('debian', DISK, { status: 'unavailable' })) })).toMatchObject({
      left: { _tag: 'Forbidden', reason: 'deactivated', hint: 'Reactivate the image first' },
    })
  })
})

describe('a run with a server that truncates responses', () => {
  it.each<[string, string | null]>([
    ['supports ranges', '"1"'],
    ['does not support ranges', null],
  ])('fails after three attempts that end at the same byte, from a server that %s', async (_, etag) => {
    const cloud = createCloud()
    const server = createServer({ bytes: breakingAt(DISK, 70_000), etag })
    const plan = planTransfer(createUrl({ etag }), into(cloud))
    expect(await applyPlan(plan, createOptions(cloud, { openUrl: server.openUrl }))()).toMatchObject({
      left: {
        _tag: 'IntegrityFailed',
        expected: `${DISK.length} bytes`,
        actual: '70000 bytes',
        remedy: 'new-source',
        what: expect.stringContaining('in 3 attempts'),
      },
    })
    expect(server.reads).toEqual(etag === null ? [0, 0, 0] : [0, 70_000, 70_000])
    expect(server.reads).toHaveLength(TRIES_AT_ONE_BYTE)
    expect(spooled()).toEqual([])
  })

  it('continues to the end if each attempt ends at another byte', async () => {
    const cloud = createCloud()
    let at = 0
    const server = createServer({
      bytes: { size: DISK.length, open: (range) => breakingAt(DISK, (at += 15_000)).open(range) },
      etag: '"1"',
    })
    expect(
      await applyPlan(
        planTransfer(createUrl({ etag: '"1"' }), into(cloud)),
        createOptions(cloud, { openUrl: server.openUrl }),
      )(),
    ).toMatchObject({ right: { digests: { sha512: sha512(DISK) } } })
    expect(server.reads.length).toBeGreaterThan(10)
  })

  it('returns Unavailable after three attempts if the size is unknown', async () => {
    const cloud = createCloud()
    const unsized: ByteSource = {
      size: null,
      open: () =>
        TE.right(
          (async function* () {
            yield DISK.slice(0, 1000)
            throw new ImageException(
              unavailable(TRANSFER_SITE, {
                what: 'the response was truncated after 1000 bytes',
                truncated: { received: 1000, expected: null },
              }),
            )
          })(),
        ),
    }
    const server = createServer({ bytes: unsized, etag: null })
    expect(
      await applyPlan(
        planTransfer(createUrl({ size: null }), into(cloud)),
        createOptions(cloud, { openUrl: server.openUrl }),
      )(),
    ).toMatchObject({ left: { _tag: 'Unavailable', truncated: { received: 1000 } } })
    expect(server.reads).toHaveLength(TRIES_AT_ONE_BYTE)
  })
})
