import { describe, expect, it } from '@jest/globals'
import type { Image } from '@imago/core'
import { schemas } from '@imago/schema-image'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
) => {
  const bytes = createBytes()
  const formats: Readonly<Record<string, string>> = { 2: 'qcow2' }
  const images = [...Object.entries(bytes).map(([id, data]) => createImage(id, formats[id] ?? 'raw', data)), ...more]
  const read: string[] = []
  const live = memoryLive({
    clouds: [openstackCloud('lab')],
    open: (target: ProviderCloud) => {
      const source = createMemorySource({ images, bytes, cloud: toIdentity(target) })
      return {
        ...source,
        ...(source.download === undefined
          ? {}
          : {
              download: (id, more) => (
                read.push(id),
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

describe('duplicates --read', () => {
  it('groups the same disk as raw, qcow2 and gzip, and leaves nothing in the spool', async () => {
    const { code, output, messages } = await run({ yes: true })
    expect(messages).toContain('imago: reading disks: 4 images, ')
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(code).toBe(EXIT.done)
    expect(listFiles(folder.path('cache'))).toEqual([])
    expect(listFiles(folder.path('state'))).toEqual([])
  })

  it('reports images that cannot be read, and reads the others', async () => {
    const queued = createImage('5', 'raw', DISK, { status: 'pending' })
    const { code, output, messages } = await run({ yes: true }, null, [queued])
    expect(output).toBe('1\tsame-disk\t1\n1\tsame-disk\t2\n1\tsame-disk\t3\n')
    expect(messages).toMatch(/imago: not read: .*name-5.*: \S/)
    expect(code).toBe(EXIT.findings)
  })

  it('downloads nothing with --dry-run, and nothing if the user declines', async () => {
    expect((await run({ dryRun: true })).output).toBe('')
    const { code, output, messages } = await run({}, () => Promise.resolve(false))
    expect(output).toBe('')
    expect(messages).toContain('imago: nothing was downloaded')
    expect(code).toBe(EXIT.error)
  })

  it('needs --yes without a terminal, before any download', async () => {
    await expect(run()).rejects.toMatchObject({ exitCode: EXIT.usage })
  })

  it('prints a document of its schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, schemas: Object.values(schemas) })
    const { output } = await run({ yes: true, output: 'json', columns: undefined } as Partial<DuplicatesOptions>)
    ajv.validate('urn:imago:schema:duplicates:1', JSON.parse(output))
    expect(ajv.errors ?? []).toEqual([])
  })
})
