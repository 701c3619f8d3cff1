import { describe, expect, it } from '@jest/globals'
import { schemas } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DuplicatesOptions } from '../../../src/commands/duplicates/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { qemuDisk } from '../../../../inspect/test/images.ts'
import { temporaryFolder } from '../../temporary.ts'
import { createImage, installQemuImg, readDuplicates, type ReadingOptions, type ReadingResult } from './reading.ts'

const folder = temporaryFolder()
installQemuImg(folder)

const run = (options?: Partial<DuplicatesOptions>, others?: ReadingOptions): Promise<ReadingResult> =>
  readDuplicates(folder, options, others)

const listFiles = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => name)

// Windows has no file modes and no /proc.
const onUnix = process.platform === 'win32' ? it.skip : it

describe('duplicates --read', () => {
  it('groups the same disk as raw, qcow2 and gzip, and leaves nothing in the spool', async () => {
    const { code, output, messages } = await run({ yes: true })
    expect(messages).toContain('imago: disks to read: 4 images, ')
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(code).toBe(EXIT.done)
    expect(listFiles(folder.path('cache'))).toEqual([])
    expect(existsSync(folder.path('state'))).toBe(false)
  })

  it('reports images that cannot be read, and reads the others', async () => {
    const queued = createImage('5', 'raw', qemuDisk, { status: 'pending' })
    const { code, output, messages } = await run({ yes: true }, { more: [queued] })
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(messages).toMatch(/imago: not read: .*name-5.*: \S/)
    expect(code).toBe(EXIT.findings)
  })

  it('downloads nothing with --dry-run, and nothing if the user declines', async () => {
    const dry = await run(
      { dryRun: true, columns: 'id,bytes,reason' },
      { more: [createImage('5', 'raw', qemuDisk, { status: 'pending' })] },
    )
    expect(dry.output).toMatch(/^1\t1310720\t\n2\t\d+\t\n3\t\d+\t\n4\t1310720\t\n5\t\t\S.*\n$/)
    expect(dry.code).toBe(EXIT.done)
    const { code, output, messages } = await run({}, { confirm: () => Promise.resolve(false) })
    expect(output).toBe('')
    expect(messages).toContain('imago: nothing was downloaded')
    expect(code).toBe(EXIT.error)
  })

  it('reports that it read no disk if the user declines', async () => {
    const { messages } = await run({ output: 'table', columns: undefined } as Partial<DuplicatesOptions>, {
      confirm: () => Promise.resolve(false),
    })
    expect(messages).toContain('no duplicates found among 4 images; 4 disks not read\n')
  })

  it('needs --yes without a terminal, before any download', async () => {
    await expect(run()).rejects.toMatchObject({ exitCode: EXIT.usage })
  })

  it('puts an identical image, which is not read, into the group of the one that was read', async () => {
    const value = createHash('sha512').update(qemuDisk).digest('hex')
    const digests = [{ algorithm: 'sha512', value, of: 'stored', assertedBy: 'provider' }] as const
    const identical = ['1', '6'].map((id) => createImage(id, 'raw', qemuDisk, { digests }))
    const { output, read } = await run({ yes: true }, { more: identical })
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n1\tsame-disk\t6\n')
    expect(read).not.toContain('6')
  })

  it('leaves no files when it is interrupted between two disks', async () => {
    const interrupt = new AbortController()
    const { code, output, messages } = await run(
      { yes: true },
      {
        onRead: (reads) => {
          // The first read of each image detects its compression.
          if (reads === 6) interrupt.abort()
        },
        signal: interrupt.signal,
      },
    )
    expect(code).toBe(EXIT.interrupted)
    expect(output).toBe('')
    expect(messages).toContain('(name-2)')
    expect(messages).not.toContain('(name-3)')
    expect(messages).not.toContain('not read')
    expect(listFiles(folder.path('cache'))).toEqual([])
    expect(readdirSync(folder.path('cache/imago/spool'))).toEqual([])
    expect(existsSync(folder.path('state'))).toBe(false)
  })

  it('deletes the files of a killed process, and keeps those of a running one', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid
    const spool = folder.path('cache/imago/spool')
    const names = [dead, process.ppid].map((pid) => `disks-${hostname()}-${pid}-abcdef`)
    for (const name of [...names, `disks-elsewhere.${hostname()}-${dead}-abcdef`]) {
      mkdirSync(join(spool, name, 'runs'), { recursive: true })
      writeFileSync(join(spool, name, 'disk.raw'), 'disk')
    }
    await run({ yes: true })
    expect(readdirSync(spool).toSorted()).toEqual([`disks-elsewhere.${hostname()}-${dead}-abcdef`, names[1]].toSorted())
  })

  onUnix('uses a private folder of a spool that others may write to', async () => {
    const spool = folder.path('open')
    mkdirSync(spool)
    chmodSync(spool, 0o770)
    await run({ yes: true, spool })
    expect(readdirSync(spool)).toEqual([`imago-${process.getuid?.()}`])
  })

  // Node's own recursive mkdir never returns for a path below /proc/1.
  onUnix('refuses a spool that cannot be created', async () => {
    await expect(run({ yes: true, spool: '/proc/1/spool' })).rejects.toThrow('/proc/1/spool')
  })

  it.each(['yes', 'dryRun', 'spool', 'spoolLimit'] as const)('refuses %s without --read', async (name) => {
    const given = name === 'spool' || name === 'spoolLimit' ? '1GiB' : true
    await expect(run({ read: undefined, [name]: given } as Partial<DuplicatesOptions>)).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringMatching(/^--\S+ applies only to --read$/),
    })
  })

  it.each([{ yes: true }, { dryRun: true }])('prints a document of its schema with %j', async (options) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    const { output } = await run({ ...options, output: 'json', columns: undefined } as Partial<DuplicatesOptions>)
    ajv.validate('urn:imago:schema:duplicates:1', JSON.parse(output))
    expect(ajv.errors ?? []).toEqual([])
  })
})
