import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ImageException, createErrorSite, unavailable } from '@imago/core'
import { toDiskError, toFullTargetError } from '../../src/state/disk-error.ts'
import { localUser } from '../../src/state/local-user.ts'
import { createSpool, openSpool, type Spool } from '../../src/spool/spool.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-spool-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const site = createErrorSite({ provider: 'imago', cloud: null }, 'move')
const createTestSpool = (limit: number | null, free = 10 ** 12): Spool =>
  createSpool({ dir, limit, site, freeBytes: async () => free })

describe('createSpool', () => {
  it('creates a folder for each run that only its owner can access', async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    expect(statSync(join(dir, 'one')).mode & 0o077).toBe(0)
    writeFileSync(spool.partPath('one', 'source'), 'abc')
    expect(await spool.findSize('one', 'source', 'part')).toBe(3)
    expect(await spool.findSize('one', 'source', 'ready')).toBeNull()
    await spool.settle('one', 'source')
    expect(await spool.findSize('one', 'source', 'part')).toBeNull()
    expect(await spool.findSize('one', 'source', 'ready')).toBe(3)
    await spool.unsettle('one', 'source')
    expect(readdirSync(join(dir, 'one'))).toEqual(['source.part'])
    await spool.remove('one')
    expect(readdirSync(dir)).toEqual([])
  })

  it.each(['delete', 'discard'] as const)('deletes the files of a killed conversion (%s)', async (way) => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    writeFileSync(spool.readyPath('one', 'source'), 'abc')
    for (const name of ['.converting-a1B2c3', '.converting-x']) {
      mkdirSync(join(dir, 'one', name))
      writeFileSync(join(dir, 'one', name, 'image'), 'half of it')
    }
    await (way === 'delete' ? spool.remove('one') : spool.discard('one', 'converted'))
    expect(readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()).toEqual(
      way === 'delete' ? [] : ['one', 'one/source'],
    )
  })

  it('does not delete files of others', async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    writeFileSync(join(dir, 'one', 'mine'), 'x')
    await spool.remove('one')
    expect(readdirSync(join(dir, 'one'))).toEqual(['mine'])
  })

  it('refuses bytes beyond its limit or the disk, counting reservations of other runs', async () => {
    const spool = createTestSpool(100)
    await spool.prepare('one')
    await spool.prepare('two')
    expect(await spool.refusal('one', 60)).toBeNull()
    expect(await spool.refusal('two', 60)).toMatchObject({
      _tag: 'QuotaExceeded',
      what: expect.stringContaining('needs 60 B more, and 60 B of its limit of 100 B are used'),
    })
    writeFileSync(spool.partPath('one', 'source'), 'x'.repeat(60))
    expect(await spool.refusal('two', 40)).toBeNull()
    expect(await spool.refusal('two', 41)).toMatchObject({ _tag: 'QuotaExceeded' })
    await spool.remove('one')
    expect(await spool.refusal('two', 100)).toBeNull()
    expect(await createTestSpool(null, 10).refusal('one', 11)).toMatchObject({
      _tag: 'QuotaExceeded',
      what: expect.stringContaining('needs 11 B more, and its disk has 10 B free'),
    })
  })

  it('releases the reservation of a run that has ended, but keeps its part', async () => {
    const spool = createTestSpool(null, 100)
    await spool.prepare('one')
    writeFileSync(spool.partPath('one', 'source'), 'x'.repeat(10))
    expect(await spool.refusal('one', 80)).toBeNull()
    expect(await spool.refusal('two', 80)).toMatchObject({ _tag: 'QuotaExceeded' })
    spool.release('one')
    expect(await spool.refusal('two', 80)).toBeNull()
    expect(await spool.findSize('one', 'source', 'part')).toBe(10)
  })

  it('reads the free space of the file system', async () => {
    expect(await createSpool({ dir, limit: null, site }).refusal('one', 1)).toBeNull()
    expect(await createSpool({ dir, limit: null, site }).refusal('one', Number.MAX_SAFE_INTEGER)).toMatchObject({
      _tag: 'QuotaExceeded',
    })
  })
})

describe('toFullTargetError', () => {
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })

  it('names the disk of the target, since the spool may be on another', () => {
    expect(toFullTargetError(site, full, '/data/out.qcow2', true)).toMatchObject({
      _tag: 'QuotaExceeded',
      what: 'the disk of /data/out.qcow2 is full',
      hint: 'Free some space there, then resume: the files in the spool are kept',
    })
    expect(toFullTargetError(site, full, '/data/out.qcow2', false)?.hint).toBe('Free some space there, then resume')
  })

  it('returns null for other failures', () => {
    for (const thrown of [Object.assign(new Error('x'), { code: 'EEXIST' }), null, 'ENOSPC'])
      expect(toFullTargetError(site, thrown, '/data/out.qcow2', true)).toBeNull()
  })
})

describe('toDiskError', () => {
  it('converts errors of the file system, and returns null for others', () => {
    const named = (code: string): unknown => Object.assign(new Error(code), { code, path: '/spool/x' })
    expect(
      ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'ENOENT', 'EIO'].map((code) => toDiskError(site, named(code))?._tag),
    ).toEqual(['QuotaExceeded', 'QuotaExceeded', 'Rejected', 'Rejected', 'Rejected', 'Rejected'])
    // Codes that are not listed, such as those of unmounted or network file systems, are recognized by `syscall`.
    for (const code of ['ENODEV', 'ESTALE', 'ETIMEDOUT']) {
      const thrown = Object.assign(named(code) as Error, { errno: -1, syscall: 'write' })
      expect(toDiskError(site, thrown)).toMatchObject({
        _tag: 'Rejected',
        what: `reading or writing failed (${code}): /spool/x`,
      })
    }
    expect(
      ['ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EFBIG'].map(
        (code) => toDiskError(site, named(code))?._tag,
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'Rejected'))
    expect(toDiskError(site, named('ENOSPC'))?.what).toBe('the disk of /spool/x is full')
    for (const thrown of [new TypeError('x'), 'x', null, named('ODD')]) expect(toDiskError(site, thrown)).toBeNull()
    const error = unavailable(site, { what: 'x' })
    expect(toDiskError(site, new ImageException(error))).toBe(error)
  })
})

const onUnix = process.platform === 'win32' ? describe.skip : describe

onUnix('createSpool on Unix', () => {
  const refused = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (thrown: unknown) => (ImageException.is(thrown) ? thrown.error.what : thrown),
    )

  it("refuses a run's folder that is a symbolic link", async () => {
    const elsewhere = join(dir, 'elsewhere')
    mkdirSync(elsewhere, { mode: 0o700 })
    writeFileSync(join(elsewhere, 'source'), 'mine')
    symlinkSync(elsewhere, join(dir, 'one'))
    const spool = createTestSpool(null)
    for (const work of [
      spool.prepare('one'),
      spool.findSize('one', 'source', 'ready'),
      spool.discard('one', 'source'),
      spool.openPart('one', 'source', true),
    ])
      expect(await refused(work)).toContain('it is a symbolic link')
    await spool.remove('one')
    expect(readdirSync(elsewhere)).toEqual(['source'])
  })

  it("refuses a run's folder that others may write to or own", async () => {
    mkdirSync(join(dir, 'one'))
    chmodSync(join(dir, 'one'), 0o777)
    expect(await refused(createTestSpool(null).prepare('one'))).toContain('others may write to it')
    chmodSync(join(dir, 'one'), 0o700)
    const stranger = createSpool({ dir, limit: null, site, user: localUser(54_321, {}) })
    expect(await refused(stranger.findSize('one', 'source', 'part'))).toContain('it belongs to another user')
  })

  it("refuses a folder that replaced the run's", async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    renameSync(join(dir, 'one'), join(dir, 'away'))
    mkdirSync(join(dir, 'one'), { mode: 0o700 })
    expect(await refused(spool.openPart('one', 'source', true))).toContain('another directory has taken its place')
  })

  it('refuses a part that is a symbolic link or a hard link', async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    const secret = join(dir, 'secret')
    writeFileSync(secret, 'mine', { mode: 0o600 })
    symlinkSync(secret, spool.partPath('one', 'source'))
    expect(await refused(spool.findSize('one', 'source', 'part'))).toContain('it is a symbolic link')
    expect(await refused(spool.openPart('one', 'source', false))).toContain('it is a symbolic link')
    rmSync(spool.partPath('one', 'source'))
    linkSync(secret, spool.partPath('one', 'source'))
    expect(await refused(spool.findSize('one', 'source', 'part'))).toContain('it is a hard link')
    expect(await refused(spool.openPart('one', 'source', false))).toContain('it is a hard link')
    // Creating the part replaces the link.
    await (await spool.openPart('one', 'source', true)).close()
    expect(readFileSync(secret, 'utf8')).toBe('mine')
  })

  it('refuses a file with a second name, except one given by the run', async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    writeFileSync(spool.readyPath('one', 'source'), 'abc')
    const twin = join(dir, 'image.raw')
    linkSync(spool.readyPath('one', 'source'), twin)
    expect(await refused(spool.findSize('one', 'source', 'ready'))).toContain('it is a hard link')
    expect(await refused(spool.findSize('one', 'source', 'ready', join(dir, 'other.raw')))).toContain(
      'it is a hard link',
    )
    expect(await spool.findSize('one', 'source', 'ready', twin)).toBe(3)
  })

  it('restricts its files to their owner, whoever created them', async () => {
    const spool = createTestSpool(null)
    await spool.prepare('one')
    writeFileSync(spool.partPath('one', 'converted'), 'abc', { mode: 0o644 })
    await spool.settle('one', 'converted')
    expect(statSync(spool.readyPath('one', 'converted')).mode & 0o777).toBe(0o600)
  })

  it('reports an unusable directory when it is first needed', async () => {
    chmodSync(dir, 0o750)
    const spool = await openSpool({ dir, limit: null, site, user: localUser(54_321, {}) })
    for (const work of [
      spool.prepare('one'),
      spool.findSize('one', 'source', 'part'),
      spool.openPart('one', 'source', true),
    ])
      expect(await refused(work)).toContain('is not used for the spool')
    await spool.remove('one')
    chmodSync(dir, 0o770)
    expect(await (await openSpool({ dir, limit: null, site })).prepare('one')).toBeUndefined()
    expect(readdirSync(dir)).toEqual([`imago-${process.geteuid?.() ?? ''}`])
  })
})
