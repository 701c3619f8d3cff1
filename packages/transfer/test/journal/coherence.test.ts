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
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { JOURNAL_VERSION, type Entry } from '../../src/journal/entry.ts'
import { createFileJournals, lockPath } from '../../src/journal/file-journals.ts'
import { openJournal, readRun } from '../../src/journal/journal.ts'
import { selectIdentity, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { computeChecksum, computeImageId, computePlanId } from '../../src/plan/uuid.ts'
import { discardRun } from '../../src/run/discard-run.ts'
import { listRuns } from '../../src/run/list-runs.ts'
import type { TransferTarget } from '../../src/plan/transfer-input.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-hostile-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const options = (): Parameters<typeof openJournal>[1] => ({
  journals: createFileJournals({ dir }),
  now: () => '2026-01-01T00:00:00Z',
})
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

const toLines = (...entries: readonly object[]): string =>
  entries
    .map((entry) => `${JSON.stringify({ v: JOURNAL_VERSION, epoch: 1, at: '2026-01-01T00:00:00Z', ...entry })}\n`)
    .join('')
const journalPath = (run: string): string => join(dir, `${run}.ndjson`)
const begun = (plan: Plan): Entry => ({ entry: 'started', plan })

/** The error of a journal that must not be read. Its file must stay unchanged. */
const refusal = async (plan: Plan, text: string): Promise<string> => {
  writeFileSync(journalPath(plan.id), text)
  const opened = await openJournal(plan.id, options())
  expect(opened).toMatchObject({
    left: {
      _tag: 'DecodeFailed',
      what: expect.stringContaining(journalPath(plan.id)),
      remedy: 'discard-run',
    },
  })
  expect(await readRun(options().journals, plan.id)).toMatchObject({ _tag: 'Left' })
  expect(readFileSync(journalPath(plan.id), 'utf8')).toBe(text)
  return E.isLeft(opened) ? opened.left.what : ''
}

/** Computes ID and checksum again, as an attacker can. */
const checkedAnew = (plan: Plan): Plan => {
  const renamed = { ...plan, id: computePlanId(selectIdentity(plan)) }
  return { ...renamed, checksum: computeChecksum(renamed) }
}

const refused = (why: string): object => ({ left: { _tag: 'Rejected', what: expect.stringContaining(why) } })

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

describe('openJournal with an incoherent journal', () => {
  it('fails if it is the journal of another plan', async () => {
    expect(await refusal(toFiles, toLines(begun(toDisks)))).toContain(
      `line 1 contains the plan ${toDisks.id}, but the journal is that of run ${toFiles.id}`,
    )
    expect(await refusal(toFiles, toLines(begun(toFiles), begun(toDisks)))).toContain('line 2 contains another plan')
  })

  it('fails if it does not begin with a plan', async () => {
    expect(await refusal(toFiles, toLines({ entry: 'step', step: 'upload' }, begun(toFiles)))).toContain(
      'line 1 does not start a run',
    )
  })

  it.each<readonly [string, Plan, object]>([
    [
      'requests an image whose ID is not computed from the plan',
      toFiles,
      { entry: 'creating', attempt: 0, id: FOREIGN },
    ],
    [
      'requests the image of another attempt',
      toFiles,
      { entry: 'creating', attempt: 0, id: computeImageId(toFiles.id, 1) },
    ],
    ['sends bytes to a foreign image', toFiles, { entry: 'sending', id: FOREIGN }],
    ['reports a foreign image as sent', toFiles, { entry: 'sent', id: FOREIGN, verified: null, adopted: false }],
    ['reports a foreign image as deleted', toFiles, { entry: 'deleted', id: FOREIGN }],
    ['has a foreign image as its outcome', toFiles, { entry: 'done', outcome: outcome(image(FOREIGN), toFiles.id) }],
    [
      'has an image of another cloud as its outcome',
      toDisks,
      { entry: 'done', outcome: outcome(image('42', { ...cloud, cloud: 'another' }), toDisks.id) },
    ],
    ['has the outcome of another run', toDisks, { entry: 'done', outcome: outcome(image('42'), toFiles.id) }],
    [
      'has another file as its outcome',
      toFile,
      { entry: 'done', outcome: outcome({ kind: 'file', path: '/etc/passwd' }, toFile.id) },
    ],
    ['reports an image instead of a file as sent', toFile, { entry: 'sent', id: '42', verified: null, adopted: false }],
  ])('fails if it %s', async (_, plan, entry) => {
    expect(await refusal(plan, toLines(begun(plan), { entry: 'step', step: 'upload' }, entry))).toMatch(
      /: line 3 (?:names|belongs to)/,
    )
  })

  it('fails if it has more attempts than a run can have', async () => {
    const entry = { entry: 'creating', attempt: 1200, id: computeImageId(toFiles.id, 1200) }
    expect(await refusal(toFiles, toLines(begun(toFiles), entry))).toContain(
      ': line 2 has attempt 1200, but a run has at most 1000 attempts',
    )
  })

  it('fails if an epoch is too large', async () => {
    const entry = { entry: 'step', step: 'upload', epoch: 2 ** 31 - 1 }
    expect(await refusal(toFiles, toLines(begun(toFiles), entry))).toContain(
      ': line 2 has epoch 2147483647, which is too large',
    )
  })

  it.each<readonly [string, object]>([
    ['an unknown entry', { entry: 'delete', id: '42' }],
    ['an entry named as an inherited property', { entry: 'constructor' }],
    ['an unknown step', { entry: 'step', step: '__proto__' }],
    ['an item with a path', { entry: 'synced', item: '../../x', bytes: 1 }],
    ['a negative number of bytes', { entry: 'synced', item: 'source', bytes: -1 }],
    ['a number of bytes that is text', { entry: 'synced', item: 'source', bytes: '1' }],
    [
      'an invalid digest',
      {
        entry: 'ready',
        item: 'source',
        ready: { size: 1, digests: { sha512: '../x' }, virtualSize: null, declared: true },
      },
    ],
    ['an ID with a path', { entry: 'sent', id: '../../servers/1', verified: null, adopted: false }],
    ['an ID with NUL', { entry: 'sent', id: '4\0', verified: null, adopted: false }],
    ['an unknown level', { entry: 'verified', level: 'sure' }],
    ['a level named as an inherited property', { entry: 'verified', level: 'toString' }],
    ['a path with NUL', { entry: 'done', outcome: outcome({ kind: 'file', path: '/tmp/a\0b' }, toDisks.id) }],
    [
      'a path that is not normalized',
      { entry: 'done', outcome: outcome({ kind: 'file', path: '/tmp/../etc/passwd' }, toDisks.id) },
    ],
    ['an invalid time', { entry: 'step', step: 'upload', at: 'now' }],
  ])('fails if a line has %s', async (_, entry) => {
    expect(await refusal(toDisks, toLines(begun(toDisks), entry))).toContain(': line 2 ')
  })

  it('fails if a line is nested too deeply or is not JSON', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`
    expect(await refusal(toDisks, `${toLines(begun(toDisks))}${deep}`)).toContain('line 2 is nested')
    expect(await refusal(toDisks, `${toLines(begun(toDisks))}{"geheim":\n`)).toMatch(/line 2 is not valid JSON$/)
  })

  it('fails if its plan was changed, even with a matching ID', async () => {
    const changed = { ...toFile, target: { kind: 'file', path: '/etc/cron.d/x' } } as Plan
    expect(await refusal(toFile, toLines({ entry: 'started', plan: changed }))).toContain(
      'was changed after it was created',
    )
    const nul = { ...toFile, target: { kind: 'file', path: '/tmp/a\0b' } } as Plan
    const renamed = checkedAnew(nul)
    expect(await refusal(renamed, toLines({ entry: 'started', plan: renamed }))).toContain('/target/path')
  })
})

describe('readRun', () => {
  it('ignores a key __proto__ of an entry', async () => {
    const text =
      toLines(begun(toDisks)) +
      '{"v":3,"at":"2026-01-01T00:00:00Z","epoch":1,"entry":"step","step":"upload","__proto__":{"outcome":{}}}\n'
    writeFileSync(journalPath(toDisks.id), text)
    expect(await readRun(options().journals, toDisks.id)).toMatchObject({
      right: { state: { step: 'upload', outcome: null } },
    })
  })

  it('accepts the image IDs of a provider that assigns them', async () => {
    writeFileSync(
      journalPath(toDisks.id),
      toLines(begun(toDisks), { entry: 'sent', id: '42', verified: 'digest-match', adopted: false }),
    )
    expect(await readRun(options().journals, toDisks.id)).toMatchObject({ right: { state: { sent: { id: '42' } } } })
  })
})

// Windows has neither file modes nor owners.
const onUnix = process.platform === 'win32' ? describe.skip : describe

onUnix('openJournal on Unix', () => {
  it('refuses a symbolic link, a hard link and a file that others may write to', async () => {
    const [path, elsewhere] = [journalPath(toFile.id), join(dir, 'elsewhere')]
    writeFileSync(elsewhere, toLines(begun(toFile)), { mode: 0o600 })
    symlinkSync(elsewhere, path)
    expect(await openJournal(toFile, options())).toMatchObject(refused('it is a symbolic link'))
    expect(await readRun(options().journals, toFile.id)).toMatchObject(refused('it is a symbolic link'))
    rmSync(path)
    linkSync(elsewhere, path)
    expect(await openJournal(toFile, options())).toMatchObject(refused('it is a hard link'))
    rmSync(elsewhere)
    chmodSync(path, 0o666)
    expect(await openJournal(toFile, options())).toMatchObject(refused('others may write to it'))
    chmodSync(path, 0o600)
    const journal = await openJournal(toFile, options())
    expect(journal).toMatchObject({ _tag: 'Right' })
    if (E.isRight(journal)) await journal.right.close()
  })

  it('refuses a directory that others may write to', async () => {
    chmodSync(dir, 0o777)
    expect(await openJournal(toFile, options())).toMatchObject({
      left: {
        _tag: 'Rejected',
        what: expect.stringContaining('others may write to it'),
        hint: expect.stringContaining(`chmod 700 ${dir}`),
      },
    })
    expect(await listRuns(dir)()).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(await discardRun(toFile.id, { journals: dir, spoolDir: join(dir, 'spool') })()).toMatchObject({
      left: { _tag: 'Rejected' },
    })
    expect(readdirSync(dir)).toEqual([])
  })

  it('refuses a lock that is a symbolic link or a pipe', async () => {
    const elsewhere = join(dir, 'elsewhere')
    writeFileSync(elsewhere, 'mine')
    symlinkSync(elsewhere, lockPath(dir, toFile.id))
    expect(await openJournal(toFile, options())).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('is not a lock file') },
    })
    rmSync(lockPath(dir, toFile.id))
    // Opening a pipe would wait for a writer.
    execFileSync('mkfifo', [lockPath(dir, toFile.id)])
    expect(await openJournal(toFile, options())).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('is not a lock file') },
    })
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
  })
})
