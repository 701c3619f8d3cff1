import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createErrorSite } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { JOURNAL_VERSION, type Entry } from '../../src/journal/entry.ts'
import { lockPath, openJournal, readRun } from '../../src/journal/journal.ts'
import { selectIdentity, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { computeChecksum, computeImageId, computePlanId } from '../../src/plan/uuid.ts'
import { discardRun } from '../../src/run/discard-run.ts'
import { listRuns } from '../../src/run/list-runs.ts'
import type { TransferTarget } from '../../src/plan/transfer-input.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-hostile-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const site = createErrorSite({ provider: 'imago', cloud: null }, 'move')
const options = (): Parameters<typeof openJournal>[1] => ({ dir, site, now: () => '2026-01-01T00:00:00Z' })
const cloud = { provider: 'memory', cloud: 'to', region: null }
const into = (disks: boolean): TransferTarget => ({
  kind: 'cloud',
  cloud,
  capabilities: createMemorySource({ disks }).capabilities,
})
const planTo = (target: TransferTarget): Plan =>
  planTransfer({ kind: 'file', path: '/images/debian.raw', size: 10, modifiedAt: null }, target, {
    architecture: 'x86_64',
  })

const toFiles = planTo(into(false))
const toDisks = planTo(into(true))
const toFile = planTo({ kind: 'file', path: '/images/copy.raw' })

const textOf = (...entries: readonly object[]): string =>
  entries.map((entry) => `${JSON.stringify({ v: JOURNAL_VERSION, at: '2026-01-01T00:00:00Z', ...entry })}\n`).join('')
const pathOf = (run: string): string => join(dir, `${run}.ndjson`)
const begun = (plan: Plan): Entry => ({ entry: 'started', plan })

/** Why a journal is not read, and that nothing of it was changed. */
const refusal = async (plan: Plan, text: string): Promise<string> => {
  writeFileSync(pathOf(plan.id), text)
  const opened = await openJournal(plan.id, options())
  expect(opened).toMatchObject({
    left: {
      _tag: 'DecodeFailed',
      what: expect.stringContaining(pathOf(plan.id)),
      remedy: 'discard-run',
    },
  })
  expect(await readRun(dir, plan.id)).toMatchObject({ _tag: 'Left' })
  expect(readFileSync(pathOf(plan.id), 'utf8')).toBe(text)
  return E.isLeft(opened) ? opened.left.what : ''
}

/** As somebody does it who knows how ids and checksums are made. */
const checkedAnew = (plan: Plan): Plan => {
  const renamed = { ...plan, id: computePlanId(selectIdentity(plan)) }
  return { ...renamed, checksum: computeChecksum(renamed) }
}

const messageIn = (thrown: unknown): string => (thrown as Error).message

const outcome = (created: object, run: string): object => ({
  run,
  created,
  size: 10,
  digests: { sha512: 'ab' },
  source: { by: 'provider-digest', digests: [] },
  verified: 'digest-match',
  adopted: false,
  warnings: [],
})
const image = (id: string, of: object = cloud): object => ({ kind: 'image', ref: { ...of, id } })
const FOREIGN = '0e3093b1-4cc7-599d-af26-e0b47c2359af'

describe('a journal is not resumed', () => {
  test('if it is called after another plan than it holds', async () => {
    expect(await refusal(toFiles, textOf(begun(toDisks)))).toContain(
      `line 1 contains the plan ${toDisks.id}, but the file name is that of ${toFiles.id}`,
    )
    expect(await refusal(toFiles, textOf(begun(toFiles), begun(toDisks)))).toContain('line 2 contains another plan')
  })

  test('if it does not begin with a plan', async () => {
    expect(await refusal(toFiles, textOf({ entry: 'step', step: 'upload' }, begun(toFiles)))).toContain(
      'line 1 does not start a run',
    )
  })

  test.each<readonly [string, Plan, object]>([
    ['asks for an image that is not made of the plan', toFiles, { entry: 'creating', attempt: 0, id: FOREIGN }],
    [
      'asks for the image of another attempt',
      toFiles,
      { entry: 'creating', attempt: 0, id: computeImageId(toFiles.id, 1) },
    ],
    ['sends into a foreign image', toFiles, { entry: 'sending', id: FOREIGN }],
    ['has sent a foreign image', toFiles, { entry: 'sent', id: FOREIGN, verified: null, adopted: false }],
    ['has removed a foreign image', toFiles, { entry: 'deleted', id: FOREIGN }],
    ['has made a foreign image', toFiles, { entry: 'done', outcome: outcome(image(FOREIGN), toFiles.id) }],
    [
      'has made an image in another cloud',
      toDisks,
      { entry: 'done', outcome: outcome(image('42', { ...cloud, cloud: 'another' }), toDisks.id) },
    ],
    ['is the outcome of another run', toDisks, { entry: 'done', outcome: outcome(image('42'), toFiles.id) }],
    [
      'has made another file',
      toFile,
      { entry: 'done', outcome: outcome({ kind: 'file', path: '/etc/passwd' }, toFile.id) },
    ],
    ['has made an image in place of a file', toFile, { entry: 'sent', id: '42', verified: null, adopted: false }],
  ])('if it %s', async (_, plan, entry) => {
    expect(await refusal(plan, textOf(begun(plan), { entry: 'step', step: 'upload' }, entry))).toMatch(
      /: line 3 (?:names|is of|belongs to)/,
    )
  })

  test.each<readonly [string, object]>([
    ['an entry that is not known', { entry: 'delete', id: '42' }],
    ['an entry that every object has', { entry: 'constructor' }],
    ['no step', { entry: 'step', step: '__proto__' }],
    ['an item with a path', { entry: 'synced', item: '../../x', bytes: 1 }],
    ['a negative number of bytes', { entry: 'synced', item: 'source', bytes: -1 }],
    ['no number of bytes', { entry: 'synced', item: 'source', bytes: '1' }],
    [
      'a digest that is none',
      {
        entry: 'ready',
        item: 'source',
        ready: { size: 1, digests: { sha512: '../x' }, virtualSize: null, declared: true },
      },
    ],
    ['an id with a path', { entry: 'sent', id: '../../servers/1', verified: null, adopted: false }],
    ['an id with NUL', { entry: 'sent', id: '4\0', verified: null, adopted: false }],
    ['no level', { entry: 'verified', level: 'sure' }],
    ['a level of every object', { entry: 'verified', level: 'toString' }],
    ['a path with NUL', { entry: 'done', outcome: outcome({ kind: 'file', path: '/tmp/a\0b' }, toDisks.id) }],
    [
      'a path that is not normal',
      { entry: 'done', outcome: outcome({ kind: 'file', path: '/tmp/../etc/passwd' }, toDisks.id) },
    ],
    ['no instant', { entry: 'step', step: 'upload', at: 'now' }],
  ])('if a line holds %s', async (_, entry) => {
    expect(await refusal(toDisks, textOf(begun(toDisks), entry))).toContain(': line 2 ')
  })

  test('if a line is nested deeper than any that a run writes, or is no JSON', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`
    expect(await refusal(toDisks, `${textOf(begun(toDisks))}${deep}`)).toContain('line 2 is nested')
    expect(await refusal(toDisks, `${textOf(begun(toDisks))}{"geheim":\n`)).toMatch(/line 2 is not JSON$/)
  })

  test('if its plan was changed, also where its id fits', async () => {
    const changed = { ...toFile, target: { kind: 'file', path: '/etc/cron.d/x' } } as Plan
    expect(await refusal(toFile, textOf({ entry: 'started', plan: changed }))).toContain(
      'was changed after it was created',
    )
    const nul = { ...toFile, target: { kind: 'file', path: '/tmp/a\0b' } } as Plan
    const renamed = checkedAnew(nul)
    expect(await refusal(renamed, textOf({ entry: 'started', plan: renamed }))).toContain('/target/path')
  })
})

test('a key that JSON can have and no object should is not a key of the state', async () => {
  const text =
    textOf(begun(toDisks)) +
    '{"v":2,"at":"2026-01-01T00:00:00Z","entry":"step","step":"upload","__proto__":{"outcome":{}}}\n'
  writeFileSync(pathOf(toDisks.id), text)
  expect(await readRun(dir, toDisks.id)).toMatchObject({ right: { step: 'upload', outcome: null } })
})

test('ids that a provider of disks gives are those of the provider', async () => {
  writeFileSync(
    pathOf(toDisks.id),
    textOf(begun(toDisks), { entry: 'sent', id: '42', verified: 'digest-match', adopted: false }),
  )
  expect(await readRun(dir, toDisks.id)).toMatchObject({ right: { sent: { id: '42' } } })
})

// Windows has neither modes of files nor owners: there is nothing to check.
const onUnix = process.platform === 'win32' ? describe.skip : describe

onUnix('a journal that is not a file of the user’s own', () => {
  test('is not opened: a symbolic link, a hard link, a file for everyone', async () => {
    const [path, elsewhere] = [pathOf(toFile.id), join(dir, 'elsewhere')]
    writeFileSync(elsewhere, textOf(begun(toFile)), { mode: 0o600 })
    symlinkSync(elsewhere, path)
    expect(await openJournal(toFile, options()).catch(messageIn)).toContain('it is a symbolic link')
    expect(await readRun(dir, toFile.id)).toMatchObject({ left: expect.stringContaining('it is a symbolic link') })
    rmSync(path)
    linkSync(elsewhere, path)
    expect(await openJournal(toFile, options()).catch(messageIn)).toContain('it is a hard link')
    rmSync(elsewhere)
    chmodSync(path, 0o666)
    expect(await openJournal(toFile, options()).catch(messageIn)).toContain('others may write to it')
    chmodSync(path, 0o600)
    const journal = await openJournal(toFile, options())
    expect(journal).toMatchObject({ _tag: 'Right' })
    if (E.isRight(journal)) await journal.right.close()
  })

  test('is not written in a directory to which others may write', async () => {
    chmodSync(dir, 0o777)
    expect(await openJournal(toFile, options())).toMatchObject({
      left: {
        _tag: 'Rejected',
        what: expect.stringContaining('others may write to it'),
        hint: expect.stringContaining(`chmod 700 ${dir}`),
      },
    })
    expect(await listRuns(dir)()).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(await discardRun(toFile.id, { journalDir: dir, spoolDir: join(dir, 'spool') })()).toMatchObject({
      left: { _tag: 'Rejected' },
    })
    expect(readdirSync(dir)).toEqual([])
  })

  test('nor is its lock: it is neither read nor taken', async () => {
    const elsewhere = join(dir, 'elsewhere')
    writeFileSync(elsewhere, 'mine')
    symlinkSync(elsewhere, lockPath(dir, toFile.id))
    expect(await openJournal(toFile, options())).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('is not a lock file') },
    })
    rmSync(lockPath(dir, toFile.id))
    // A pipe would be waited for.
    execFileSync('mkfifo', [lockPath(dir, toFile.id)])
    expect(await openJournal(toFile, options())).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('is not a lock file') },
    })
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
  })
})
