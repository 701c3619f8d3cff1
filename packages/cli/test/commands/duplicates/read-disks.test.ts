import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createHash } from 'node:crypto'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { duplicates } from '../../../src/commands/duplicates/run.ts'
import type { DuplicatesOptions } from '../../../src/commands/duplicates/options.ts'
import { EXIT } from '../../../src/exit-code.ts'
import type { Confirm } from '../../../src/writing/confirm.ts'
import { memoryLive, openstackCloud } from '../../live.ts'
import { temporaryFolder } from '../../temporary.ts'

const folder = temporaryFolder()

const fill = (factor: number): Uint8Array =>
  Uint8Array.from({ length: 131_072 }, (_, index) => (index * factor + (index >> 8)) % 256)
const DISK = fill(7)

const toQcow2 = (disk: Uint8Array): Uint8Array => {
  writeFileSync(folder.path('disk.raw'), disk)
  execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', folder.path('disk.raw'), folder.path('disk.qcow2')])
  return readFileSync(folder.path('disk.qcow2'))
}

const createImage = (id: string, disk: string, bytes: Uint8Array, fields: Partial<Image> = {}): Image =>
  bareImage(id, {
    name: `name-${id}`,
    status: 'available',
    visibility: 'private',
    format: { disk, container: 'bare' },
    size: { stored: bytes.length, virtual: null, minDisk: null, minRam: null },
    createdAt: `2026-01-0${id}T00:00:00Z`,
    ...fields,
  })

const createBytes = (): Readonly<Record<string, Uint8Array>> => ({
  1: DISK,
  2: toQcow2(DISK),
  3: gzipSync(DISK),
  4: fill(11),
})

const run = async (
  options: Partial<DuplicatesOptions> = {},
  confirm: Confirm | null = null,
  more: readonly Image[] = [],
  onRead: (reads: number) => void = () => undefined,
  signal?: AbortSignal,
) => {
  const bytes = createBytes()
  const formats: Readonly<Record<string, string>> = { 2: 'qcow2' }
  const images = [
    ...Object.entries(bytes)
      .filter(([id]) => more.every(({ ref }) => ref.id !== id))
      .map(([id, data]) => createImage(id, formats[id] ?? 'raw', data)),
    ...more,
  ]
  const read: string[] = []
  const live = memoryLive({
    ...(signal === undefined ? {} : { signal }),
    clouds: [openstackCloud('lab')],
    open: (target: ProviderCloud) => {
      const source = createMemorySource({ images, bytes, cloud: toIdentity(target) })
      return {
        ...source,
        ...(source.download === undefined
          ? {}
          : {
              download: (id, more) => (
                onRead(read.push(id)),
                source.download?.(id, more) ?? (() => Promise.reject(new Error('no download')))
              ),
            }),
      }
    },
  })
  const env = { XDG_STATE_HOME: folder.path('state'), XDG_CACHE_HOME: folder.path('cache') }
  const code = await duplicates(
    [],
    { output: 'value', columns: 'group,evidence,id', read: true, ...options },
    live,
    env,
    confirm,
  )
  return { code, output: live.output.text(), messages: live.messages.text(), read }
}

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
    const queued = createImage('5', 'raw', DISK, { status: 'pending' })
    const { code, output, messages } = await run({ yes: true }, null, [queued])
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(messages).toMatch(/imago: not read: .*name-5.*: \S/)
    expect(code).toBe(EXIT.findings)
  })

  it('downloads nothing with --dry-run, and nothing if the user declines', async () => {
    const dry = await run({ dryRun: true, columns: 'id,bytes,reason' }, null, [
      createImage('5', 'raw', DISK, { status: 'pending' }),
    ])
    expect(dry.output).toMatch(/^1\t131072\t\n2\t\d+\t\n3\t\d+\t\n4\t131072\t\n5\t\t\S.*\n$/)
    expect(dry.code).toBe(EXIT.done)
    const { code, output, messages } = await run({}, () => Promise.resolve(false))
    expect(output).toBe('')
    expect(messages).toContain('imago: nothing was downloaded')
    expect(code).toBe(EXIT.error)
  })

  it('needs --yes without a terminal, before any download', async () => {
    await expect(run()).rejects.toMatchObject({ exitCode: EXIT.usage })
  })

  it('puts an identical image, which is not read, into the group of the one that was read', async () => {
    const value = createHash('sha512').update(DISK).digest('hex')
    const digests = [{ algorithm: 'sha512', value, of: 'stored', assertedBy: 'provider' }] as const
    const identical = ['1', '6'].map((id) => createImage(id, 'raw', DISK, { digests }))
    const { output, read } = await run({ yes: true }, null, identical)
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n1\tsame-disk\t6\n')
    expect(read).not.toContain('6')
  })

  it('leaves no files when it is interrupted between two disks', async () => {
    const interrupt = new AbortController()
    const { code, output, messages } = await run(
      { yes: true },
      null,
      [],
      (reads) => {
        // The first read of each image detects its compression.
        if (reads === 6) interrupt.abort()
      },
      interrupt.signal,
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
