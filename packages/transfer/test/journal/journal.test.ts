import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import fs, { open, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createErrorSite } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import type { Entry } from '../../src/journal/entry.ts'
import { createFileJournals, lockPath, type FileJournalsOptions } from '../../src/journal/file-journals.ts'
import { openJournal, readRun, type Journal, type JournalOptions } from '../../src/journal/journal.ts'
import { parseJournal } from '../../src/journal/lines.ts'
import { getClaimPath, takeLock } from '../../src/journal/lock.ts'
import { isRunning, REAL_PROCESSES, thisProcess } from '../../src/journal/process-identity.ts'
import { replayEntries, type RunState } from '../../src/journal/state.ts'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import { computeImageId } from '../../src/plan/uuid.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-journal-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const { capabilities } = createMemorySource()
const plan = planTransfer(
  { kind: 'file', path: '/images/debian.raw', size: 10, modifiedAt: null },
  { kind: 'cloud', cloud: { provider: 'memory', cloud: 'ünï', region: null }, capabilities },
)
const site = createErrorSite({ provider: 'imago', cloud: null }, 'move')
const createOptions = (processes?: FileJournalsOptions['processes']): JournalOptions => ({
  journals: createFileJournals({ dir, processes }),
  now: () => '2026-01-01T00:00:00Z',
})

const opened = async (
  which: Parameters<typeof openJournal>[0] = plan,
  processes?: FileJournalsOptions['processes'],
): Promise<Journal> => {
  const journal = await openJournal(which, createOptions(processes))
  if (E.isLeft(journal)) throw new Error(journal.left.what)
  return journal.right
}

const readState = async (): Promise<RunState | null> => {
  const read = await readRun(createOptions().journals, plan.id)
  return E.isRight(read) ? read.right.state : null
}

const READY = { size: 10, digests: { sha512: 'ab' }, virtualSize: 10, declared: true }
const ENTRIES: readonly Entry[] = [
  { entry: 'step', step: 'download' },
  { entry: 'synced', item: 'source', bytes: 4 },
  { entry: 'ready', item: 'source', ready: READY },
  { entry: 'creating', attempt: 1, id: computeImageId(plan.id, 1) },
  { entry: 'sending', id: computeImageId(plan.id, 1) },
  { entry: 'sent', id: computeImageId(plan.id, 1), verified: null, adopted: false },
  { entry: 'deleted', id: computeImageId(plan.id, 1) },
  { entry: 'failed', error: 'Unavailable', what: 'nö\nanswer' },
]

const path = (): string => join(dir, `${plan.id}.ndjson`)

/** The open files of this process. Linux only. */
const openPaths = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })

describe('openJournal', () => {
  it('restores the state from its entries', async () => {
    const journal = await opened()
    for (const entry of ENTRIES) await journal.note(entry)
    const state = journal.state()
    await journal.close()
    expect(state).toMatchObject({
      plan,
      step: 'download',
      synced: { source: 4 },
      ready: { source: READY },
      attempt: 2,
      creating: null,
      sending: false,
      sent: null,
      failed: { error: 'Unavailable', what: 'nö\nanswer', isFinal: false },
    })
    expect(await readState()).toEqual(state)
    const again = await opened(plan.id)
    expect(again.state()).toEqual({ ...state, epoch: 2 })
    await again.close()
  })

  it('writes entries that are noted at the same time one after another', async () => {
    const journal = await opened()
    await Promise.all(ENTRIES.map((entry) => journal.note(entry)))
    const state = journal.state()
    await journal.close()
    const lines = parseJournal(plan.id, readFileSync(path()))
    expect(E.isRight(lines) && lines.right.lines.slice(1)).toMatchObject(ENTRIES)
    expect(await readState()).toEqual(state)
  })

  it('reads and continues a journal truncated at any byte', async () => {
    const journal = await opened()
    for (const entry of ENTRIES) await journal.note(entry)
    await journal.close()
    const whole = readFileSync(path())
    const all = parseJournal(plan.id, whole)
    const lines = E.isRight(all) ? all.right.lines : []
    expect(lines).toHaveLength(ENTRIES.length + 1)
    const first = whole.indexOf(0x0a)
    for (let at = 0; at <= whole.length; at++) {
      const read = parseJournal(plan.id, whole.subarray(0, at))
      if (E.isLeft(read)) throw new Error(read.left)
      const complete = whole.subarray(0, at).filter((byte) => byte === 0x0a).length
      expect(read.right.lines).toEqual(lines.slice(0, complete))
      expect(replayEntries(read.right.lines)).toEqual(replayEntries(lines.slice(0, complete)))
      // Writing the file for every length takes too long, so only around line ends and every 97 bytes.
      if (whole[at] !== 0x0a && whole[at - 1] !== 0x0a && at % 97 !== 0) continue
      writeFileSync(path(), whole.subarray(0, at))
      const again = await opened()
      await again.note({ entry: 'step', step: 'verify' })
      await again.close()
      const after = parseJournal(plan.id, readFileSync(path()))
      expect(E.isRight(after) && after.right.lines.map(({ entry }) => entry)).toEqual([
        ...(complete === 0 ? ['started'] : [...lines.slice(0, complete).map(({ entry }) => entry), 'taken']),
        'step',
      ])
      expect(E.isRight(after) && after.right.whole).toBe(readFileSync(path()).length)
    }
    expect(first).toBeGreaterThan(0)
  })

  it('fails on an invalid line in the middle, another version, an unknown entry or another plan', async () => {
    await (await opened()).close()
    const line = readFileSync(path(), 'utf8')
    for (const text of [
      `${line}{"v":3\n${line}`,
      line.replace('"v":3', '"v":1'),
      line.replace('"started"', '"odd"'),
      line.replace(
        plan.id,
        plan.id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ]) {
      writeFileSync(path(), text)
      expect(await openJournal(plan, createOptions())).toMatchObject({ left: { _tag: 'DecodeFailed' } })
      expect(await readRun(createOptions().journals, plan.id)).toMatchObject({ left: { _tag: 'DecodeFailed' } })
    }
    expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
  })

  it('returns NotFound for a run ID that is a path', async () => {
    for (const run of ['../x', 'x', '', `${plan.id}/../${plan.id}`])
      expect(await openJournal(run, createOptions())).toMatchObject({ left: { _tag: 'NotFound' } })
    expect(await openJournal(plan.id, createOptions())).toMatchObject({ left: { _tag: 'NotFound' } })
  })

  it.each(['write', 'datasync'] as const)('continues after a line could not be written (%s)', async (method) => {
    const journal = await opened()
    await journal.note({ entry: 'step', step: 'download' })
    const any = await open(dir, 'r')
    const methods = Object.getPrototypeOf(any) as FileHandle
    await any.close()
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const write = Reflect.get(methods, 'write') as (
      this: FileHandle,
      bytes: Uint8Array,
      from: number,
      length: number,
      at: number,
    ) => Promise<{ bytesWritten: number }>
    // A full disk writes a part and then fails.
    const spies =
      method === 'write'
        ? [
            jest
              .spyOn(methods, 'write')
              .mockImplementationOnce(function (
                this: FileHandle,
                bytes: Uint8Array,
                from: number,
                _: number,
                at: number,
              ) {
                return write.call(this, bytes, from, 90, at)
              } as never)
              .mockRejectedValueOnce(full),
          ]
        : [jest.spyOn(methods, 'datasync').mockRejectedValueOnce(full)]
    try {
      await expect(journal.note({ entry: 'ready', item: 'source', ready: READY })).rejects.toMatchObject({
        error: { _tag: 'QuotaExceeded' },
      })
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    expect(journal.state()).toMatchObject({ step: 'download', ready: {} })
    await journal.note({ entry: 'step', step: 'verify' })
    await journal.close()
    expect(await readState()).toEqual(journal.state())
    expect(parseJournal(plan.id, readFileSync(path()))).toMatchObject({
      right: { lines: [{}, {}, { step: 'verify' }], whole: readFileSync(path()).length },
    })
  })

  it('releases the lock if the file cannot be opened', async () => {
    mkdirSync(path())
    expect(await openJournal(plan, createOptions())).toMatchObject({
      left: { _tag: 'Rejected', what: expect.stringContaining('is a directory') },
    })
    rmdirSync(path())
    await (await opened()).close()
    expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
  })

  it('creates a file that only its owner can read', async () => {
    await (await opened()).close()
    const { statSync } = await import('node:fs')
    expect(statSync(path()).mode & 0o077).toBe(0)
  })
})

describe('openJournal with a journal of version 2', () => {
  it('continues it, as epoch 0', async () => {
    await (await opened()).close()
    const old = readFileSync(path(), 'utf8').replace('"v":3', '"v":2').replace('"epoch":1,', '')
    writeFileSync(path(), old)
    expect(await readState()).toMatchObject({ plan, epoch: 0 })
    const journal = await opened()
    expect(journal.epoch).toBe(1)
    await journal.note({ entry: 'step', step: 'verify' })
    await journal.close()
    expect(readFileSync(path(), 'utf8').startsWith(old)).toBe(true)
    expect(await readState()).toMatchObject({ epoch: 1, step: 'verify' })
  })
})

describe('a journal whose lock was deleted while its process runs', () => {
  it('is fenced once another process has taken the run', async () => {
    const stale = await opened()
    rmSync(lockPath(dir, plan.id))
    const other = await opened()
    await other.note({ entry: 'step', step: 'upload' })
    const fenced = { error: { _tag: 'Conflict', reason: 'fenced', what: expect.stringContaining(plan.id) } }
    await expect(stale.note({ entry: 'step', step: 'finish' })).rejects.toMatchObject(fenced)
    await expect(stale.confirm()).rejects.toMatchObject(fenced)
    expect(stale.fenced()).toMatchObject(fenced.error)
    await stale.close()
    await other.note({ entry: 'step', step: 'verify' })
    expect(await readState()).toEqual(other.state())
    expect(other.state()).toMatchObject({ epoch: 2, step: 'verify' })
    await other.close()
  })

  it('is fenced even if the other process is done', async () => {
    const stale = await opened()
    rmSync(lockPath(dir, plan.id))
    await (await opened()).close()
    await expect(stale.note({ entry: 'step', step: 'finish' })).rejects.toMatchObject({ error: { reason: 'fenced' } })
    await stale.close()
  })
})

describe('readRun', () => {
  it('ignores entries of an owner that was fenced when they were written', async () => {
    await (await opened()).close()
    const journal = await opened()
    await journal.note({ entry: 'step', step: 'verify' })
    const state = journal.state()
    await journal.close()
    const late = { v: 3, at: '2026-01-01T00:00:00Z', epoch: 1, entry: 'step', step: 'upload' }
    writeFileSync(path(), `${readFileSync(path(), 'utf8')}${JSON.stringify(late)}\n`)
    expect(await readState()).toEqual(state)
  })
})

describe('the lock of openJournal', () => {
  it('returns Conflict to a second process until it is released', async () => {
    const journal = await opened()
    expect(await openJournal(plan, createOptions())).toMatchObject({ left: { _tag: 'Conflict' } })
    await journal.close()
    await (await opened()).close()
    expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
  })

  it('is released, and the file closed, if the journal cannot be written', async () => {
    const full = (): string => {
      throw new Error('no space left on device')
    }
    await expect(openJournal(plan, { ...createOptions(), now: full })).rejects.toThrow('no space left')
    expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
    if (process.platform === 'linux') expect(openPaths()).not.toContain(path())
    rmSync(path())
    mkdirSync(path())
    expect(await openJournal(plan, createOptions())).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
  })

  it('is taken over from a process that has ended, even if its ID is in use again', async () => {
    const self = thisProcess()
    for (const dead of [
      { ...self, pid: 2 ** 22 + 5 },
      { ...self, started: '1' },
    ]) {
      writeFileSync(lockPath(dir, plan.id), JSON.stringify(dead))
      const journal = await opened()
      expect(JSON.parse(readFileSync(lockPath(dir, plan.id), 'utf8'))).toMatchObject(self)
      await journal.close()
    }
    for (const nonsense of ['', '{', '[]', '{"pid":"x"}']) {
      writeFileSync(lockPath(dir, plan.id), nonsense)
      await (await opened()).close()
    }
  })

  // The first `sleep` becomes a zombie when it is killed, because `exec` replaced the shell that would wait for it. Linux only.
  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('is not held by a zombie process', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const pid = Number(line.toString())
      const fields = (): readonly string[] =>
        readFileSync(`/proc/${pid}/stat`, 'latin1')
          .replace(/^.*\) /, '')
          .split(' ')
      const holder = { ...thisProcess(), pid, started: fields()[19] ?? null }
      expect(isRunning(holder)).toBe(true)
      const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
      // Until `exec`, the shell may still wait for its child.
      while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await moment()
      process.kill(pid, 'SIGKILL')
      while (fields()[0] !== 'Z') await moment()
      expect(isRunning(holder)).toBe(false)
      writeFileSync(lockPath(dir, plan.id), JSON.stringify(holder))
      await (await opened()).close()
    } finally {
      parent.kill('SIGKILL')
    }
  })

  it('stays in place if another process takes it over meanwhile', async () => {
    const lock = lockPath(dir, plan.id)
    const [dead, living, third] = [['1'], ['2'], ['3']].map(([started]) =>
      JSON.stringify({ ...thisProcess(), started }),
    )
    writeFileSync(lock, dead ?? '')
    const processes: FileJournalsOptions['processes'] = {
      self: thisProcess,
      isRunning: ({ started }) => {
        if (started === '1') writeFileSync(lock, living ?? '')
        return started !== '1'
      },
    }
    // A third process would take the lock if its path were free at this moment.
    const link = jest.spyOn(fs, 'link').mockImplementation(async (from, to) => {
      if (to === lock && readFileSync(from, 'utf8') === living) writeFileSync(lock, third ?? '', { flag: 'wx' })
      linkSync(from, to)
    })
    try {
      expect(await openJournal(plan, createOptions(processes))).toMatchObject({ left: { _tag: 'Conflict' } })
    } finally {
      link.mockRestore()
    }
    expect(readFileSync(lock, 'utf8')).toBe(living)
    expect(readdirSync(dir)).toEqual([`${plan.id}.lock`])
  })

  it('is not taken over from a process on another machine', async () => {
    writeFileSync(lockPath(dir, plan.id), JSON.stringify({ host: 'elsewhere', pid: 1, started: null }))
    expect(await openJournal(plan, createOptions())).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('elsewhere') },
    })
    expect(isRunning({ host: 'elsewhere', pid: 1, started: null })).toBeNull()
  })

  it('is taken over by exactly one of several processes', async () => {
    const path = lockPath(dir, plan.id)
    for (let round = 0; round < 40; round++) {
      writeFileSync(path, JSON.stringify({ ...thisProcess(), started: '1', round }))
      const all = await Promise.all(Array.from({ length: 8 }, () => takeLock(path, site, 'it', REAL_PROCESSES)))
      const taken = all.filter(E.isRight)
      expect(taken).toHaveLength(1)
      for (const lock of taken) await lock.right.release()
      expect(readdirSync(dir)).toEqual([])
    }
  })

  it('is taken over if the process that claimed it has ended, but not before', async () => {
    const path = lockPath(dir, plan.id)
    const [first, second, third] = [1, 2, 3].map((number) =>
      JSON.stringify({ ...thisProcess(), started: String(number) }),
    ) as [string, string, string]
    writeFileSync(path, first)
    writeFileSync(getClaimPath(path, first), second)
    writeFileSync(getClaimPath(path, second), JSON.stringify(thisProcess()))
    expect(await openJournal(plan, createOptions())).toMatchObject({ left: { _tag: 'Conflict' } })
    writeFileSync(getClaimPath(path, second), third)
    // The process ended after it took the lock, before it deleted the claims.
    for (const left of [first, second, third]) {
      writeFileSync(path, left)
      await (await opened()).close()
      expect(readdirSync(dir)).toEqual([`${plan.id}.ndjson`])
    }
  })
})
