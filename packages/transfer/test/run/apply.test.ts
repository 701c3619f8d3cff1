import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  createByteSource,
  conflict,
  forbidden,
  ImageException,
  perform,
  rejected,
  createErrorSite,
  unavailable,
  type ByteSource,
  type ImageSource,
} from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from '../../src/plan/transfer-input.ts'
import { applyPlan, applyPlans, resumeRuns } from '../../src/run/apply.ts'
import { discardRun } from '../../src/run/discard-run.ts'
import { listRuns } from '../../src/run/list-runs.ts'
import type { RunOptions } from '../../src/run/options.ts'
import { qemuImage, vectorImage } from '../../../inspect/test/images.ts'
import { DISK, fileImage, sha512, TARGET } from './rig.ts'

let dir = ''
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'imago-places-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const fileAt = (name: string, bytes: Uint8Array): TransferSource => {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  return { kind: 'file', path, size: bytes.length, modifiedAt: new Date(1_700_000_000_000).toISOString() }
}

const readTarget = (link: string): string | null => {
  try {
    return readlinkSync(link)
  } catch {
    return null
  }
}
const timesOpen = (path: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => readTarget(`/proc/self/fd/${fd}`) === path).length

const createCloud = (): ImageSource =>
  createMemorySource({ cloud: TARGET, images: [fileImage('debian', DISK)], bytes: { debian: DISK } })
const into = ({ capabilities, cloud }: ImageSource): TransferTarget => ({ kind: 'cloud', cloud, capabilities })
const findImage = async (source: ImageSource, id = 'debian'): Promise<TransferSource> => {
  const image = await source.get(id)()
  if (E.isLeft(image)) throw new Error(image.left.what)
  return { kind: 'image', image: image.right, capabilities: source.capabilities }
}

const createOptions = (source: ImageSource, more: Partial<RunOptions> = {}): RunOptions => ({
  openSource: () => TE.right(source),
  journals: join(dir, 'journal'),
  spoolDir: join(dir, 'spool'),
  retry: { attempts: 2, waitMs: 1, maxWaitMs: 1 },
  ...more,
})

describe('applyPlan from a file', () => {
  it('uploads the file in place', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw', DISK), into(cloud))
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      right: { verified: 'digest-match', size: DISK.length },
    })
    expect(existsSync(join(dir, 'spool', plan.id))).toBe(false)
  })

  it('refuses a file that changed after planning', async () => {
    const cloud = createCloud()
    const source = fileAt('disk.raw', DISK)
    const plan = planTransfer(source, into(cloud))
    writeFileSync(join(dir, 'disk.raw'), DISK.slice(1))
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ left: { _tag: 'Conflict' } })
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({
      right: [{ state: 'refused', reason: expect.stringContaining('the source has changed') }],
    })
    rmSync(join(dir, 'disk.raw'))
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ left: { _tag: 'Rejected' } })
  })

  it('does not complete the upload of a file that changes meanwhile', async () => {
    const memory = createCloud()
    const bytes = new Uint8Array(3 * 2 ** 20).fill(7)
    const source = fileAt('disk.raw', bytes)
    const cloud: ImageSource = {
      ...memory,
      upload: (id, given, options) => {
        writeFileSync(
          join(dir, 'disk.raw'),
          bytes.map((byte, index) => (index === 5 ? 1 : byte)),
        )
        return perform(memory, 'upload', id, given, options)
      },
    }
    expect(await applyPlan(planTransfer(source, into(cloud)), createOptions(cloud))()).toMatchObject({
      left: { _tag: 'IntegrityFailed' },
    })
    expect(await memory.listPage({}, null)()).toMatchObject({ right: { items: [{ ref: { id: 'debian' } }] } })
  })

  it('hashes and inspects the file during the upload', async () => {
    const cloud = createCloud()
    const bytes = new Uint8Array(40 * 2 ** 20).fill(7)
    const plan = planTransfer(fileAt('large.raw', bytes), into(cloud))
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      right: { verified: 'digest-match', adopted: false, digests: { sha512: sha512(bytes) } },
    })
    const entries = readFileSync(join(dir, 'journal', `${plan.id}.ndjson`), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { readonly entry: string; readonly ready?: { readonly digests: object } })
    const logged = entries.flatMap(({ entry, ready }) =>
      ready === undefined ? [entry] : [`ready ${Object.keys(ready.digests).join()}`],
    )
    expect(logged.filter((entry) => /^(?:ready|sending|sent)/.test(entry))).toEqual([
      'ready ',
      'sending',
      'ready sha512',
      'sent',
    ])

    const hostile = Buffer.alloc(bytes.length)
    hostile.set(qemuImage('qcow2 backing file'))
    const swapped: ImageSource = {
      ...cloud,
      upload: (id, given, options) => {
        fileAt('swapped.raw', hostile)
        return perform(cloud, 'upload', id, given, options)
      },
    }
    expect(
      await applyPlan(planTransfer(fileAt('swapped.raw', bytes), into(cloud)), createOptions(swapped))(),
    ).toMatchObject({
      left: { _tag: 'UnsafeImage', check: 'backing_file' },
    })
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: { length: 2 } } })
  })

  it('leaves no thread and no open file if the bytes are not read', async () => {
    const cloud = createCloud()
    const countResources = (): readonly number[] => [
      process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length,
      timesOpen(join(dir, 'unread.raw')),
    ]
    const before = countResources()
    // A thread of an earlier test may still be ending.
    const more = (): readonly number[] =>
      countResources().map((count, index) => Math.max(0, count - (before[index] ?? 0)))
    const during: (readonly number[])[] = []
    const broken: ImageSource = {
      ...cloud,
      upload: (_, given) => async () => {
        const opened = await given.open()()
        if (E.isRight(opened)) await opened.right[Symbol.asyncIterator]().return?.()
        during.push(more())
        return E.left(rejected(createErrorSite(TARGET, 'upload'), { what: 'no' }))
      },
    }
    const plan = planTransfer(fileAt('unread.raw', new Uint8Array(33 * 2 ** 20)), into(cloud))
    expect(await applyPlan(plan, createOptions(broken))()).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(during).toEqual([[0, 0]])
    expect(more()).toEqual([0, 0])
  })

  it('returns the digests of an upload that an earlier process completed', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw', DISK), into(cloud))
    const interrupted: ImageSource = {
      ...cloud,
      upload: (id, given, options) => async () => {
        await perform(cloud, 'upload', id, given, options)()
        throw new Error('killed')
      },
    }
    await expect(applyPlan(plan, createOptions(interrupted))()).rejects.toThrow('killed')
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      right: { verified: 'digest-match', digests: { sha512: sha512(DISK) } },
    })
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: { length: 2 } } })
  })

  it('refuses an inconsistent partition table unless allowed', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('odd.raw', vectorImage('gpt-badchs')), into(cloud), { sourceFormat: 'raw' })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      left: { _tag: 'UnsafeImage', check: 'mbr', changes: [{ parameter: 'allow', values: ['mbr'] }] },
    })
    expect(await applyPlan(plan, createOptions(cloud, { allow: ['mbr'] }))()).toMatchObject({
      right: { verified: 'digest-match' },
    })
  })

  it('advises to raise the limit of the spool if a decompressed disk exceeds it', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw.gz', gzipSync(DISK)), into(cloud))
    expect(await applyPlan(plan, createOptions(cloud, { spoolLimit: DISK.length - 1 }))()).toMatchObject({
      left: {
        _tag: 'UnsafeImage',
        check: 'decompression_bomb',
        hint: 'Raise the limit of the spool if the disk is that large',
        changes: [{ parameter: 'spoolLimit', values: [] }],
      },
    })
    expect(await applyPlan(plan, createOptions(cloud, { spoolLimit: DISK.length }))()).toMatchObject({
      right: { verified: 'digest-match' },
    })
  })

  it('decompresses and converts with the given tools, and inspects the result', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw.gz', gzipSync(DISK)), into(cloud), { diskFormat: 'qcow2' })
    expect(plan.steps.map(({ step }) => step)).toEqual([
      'inspect',
      'decompress',
      'convert',
      'create',
      'upload',
      'verify',
    ])
    const qcow2 = Buffer.alloc(70_000)
    qcow2.write('QFI\u00fb', 'latin1')
    qcow2.writeUInt32BE(3, 4)
    qcow2.writeBigUInt64BE(BigInt(DISK.length), 24)
    qcow2.writeUInt32BE(104, 100)
    let converted = qcow2
    const tools: NonNullable<RunOptions['tools']> = {
      convert:
        ({ from, to }) =>
        async () => {
          expect(from.format).toBe('raw')
          expect(to.format).toBe('qcow2')
          expect(sha512(readFileSync(from.path))).toBe(sha512(DISK))
          writeFileSync(to.path, converted)
          return E.right(undefined)
        },
    }
    converted = Buffer.from(DISK)
    expect(await applyPlan(plan, createOptions(cloud, { tools }))()).toMatchObject({
      left: { _tag: 'UnsafeImage', check: 'format_mismatch' },
    })
    converted = qcow2
    expect(await applyPlan(plan, createOptions(cloud, { tools }))()).toMatchObject({
      right: { verified: 'digest-match', digests: { sha512: sha512(qcow2) } },
    })
    expect(existsSync(join(dir, 'spool', plan.id))).toBe(false)
  })

  it('refuses a file whose compression differs from the plan', async () => {
    const cloud = createCloud()
    for (const [name, bytes] of [
      ['a.raw', gzipSync(DISK)],
      ['b.raw.gz', DISK],
    ] as const) {
      expect(await applyPlan(planTransfer(fileAt(name, bytes), into(cloud)), createOptions(cloud))()).toMatchObject({
        left: { _tag: 'Rejected', what: expect.stringContaining('compressed') },
      })
    }
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({
      right: [{ state: 'refused' }, { state: 'refused' }],
    })
  })
})

describe('applyPlan with a protected incomplete image', () => {
  it('reports an incomplete image that was protected, and continues once it is unprotected', async () => {
    const cloud = createCloud()
    const plan = planTransfer(fileAt('disk.raw', DISK), into(cloud))
    const site = createErrorSite(TARGET, 'upload')
    const answers = [unavailable(site, { what: 'the server stopped' }), conflict(site, { what: 'saving' })]
    let isProtected = true
    const stuck: ImageSource = {
      ...cloud,
      upload: (id, bytes, options) => {
        const error = answers.shift()
        return error === undefined ? perform(cloud, 'upload', id, bytes, options) : TE.left(error)
      },
      delete: (id, options) =>
        isProtected
          ? TE.left(forbidden(createErrorSite(TARGET, 'delete'), { what: 'it is protected', reason: 'protected' }))
          : perform(cloud, 'delete', id, options),
    }
    expect(await applyPlan(plan, createOptions(stuck))()).toMatchObject({
      left: {
        _tag: 'Forbidden',
        reason: 'protected',
        what: expect.stringContaining('cannot be deleted: it is protected'),
        hint: expect.stringContaining('Unprotect or delete it'),
      },
    })
    isProtected = false
    expect(await applyPlan(plan, createOptions(stuck))()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: { length: 2 } } })
  })
})

describe('applyPlan to a file', () => {
  it('writes the image, and never overwrites another file', async () => {
    const cloud = createCloud()
    const path = join(dir, 'copy.raw')
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      right: { created: { kind: 'file', path }, verified: 'digest-declared', adopted: false },
    })
    expect(sha512(readFileSync(path))).toBe(sha512(DISK))
    expect(await applyPlan(plan, createOptions(cloud, { journals: join(dir, 'other') }))()).toMatchObject({
      right: { adopted: true },
    })
    writeFileSync(path, 'something else')
    expect(await applyPlan(plan, createOptions(cloud, { journals: join(dir, 'third') }))()).toMatchObject({
      left: { _tag: 'Conflict' },
    })
    expect(readFileSync(path, 'utf8')).toBe('something else')
  })

  it('returns Conflict if the file was changed later', async () => {
    const cloud = createCloud()
    const path = join(dir, 'copy.raw')
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ right: { adopted: false } })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ right: { adopted: true } })
    const booted = DISK.map((byte, index) => (index === 5 ? byte ^ 1 : byte))
    writeFileSync(path, booted)
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining(path) },
    })
    expect(sha512(readFileSync(path))).toBe(sha512(booted))
    rmSync(path)
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ right: { adopted: false } })
    expect(sha512(readFileSync(path))).toBe(sha512(DISK))
  })

  it('reads the file again if digest-match is required', async () => {
    const cloud = createCloud()
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path: join(dir, 'copy.raw') })
    expect(await applyPlan(plan, createOptions(cloud, { accept: 'digest-match' }))()).toMatchObject({
      right: { verified: 'digest-match' },
    })
  })

  it('works without hard links, as on FAT', async () => {
    const cloud = createCloud()
    const link = jest
      .spyOn(fs, 'link')
      .mockImplementation((from, to) =>
        String(to).endsWith('.raw')
          ? Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }))
          : Promise.resolve(linkSync(from, to)),
      )
    try {
      const path = join(dir, 'copy.raw')
      const plan = planTransfer(await findImage(cloud), { kind: 'file', path })
      expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
        right: { created: { kind: 'file', path }, adopted: false },
      })
      expect(sha512(readFileSync(path))).toBe(sha512(DISK))
      expect(readdirSync(dir).sort()).toEqual(['copy.raw', 'journal', 'spool'])
      writeFileSync(path, 'something else')
      expect(await applyPlan(plan, createOptions(cloud, { journals: join(dir, 'other') }))()).toMatchObject({
        left: { _tag: 'Conflict' },
      })
      expect(readFileSync(path, 'utf8')).toBe('something else')
    } finally {
      link.mockRestore()
    }
  })

  it('continues after a crash that left an empty file', async () => {
    const cloud = createCloud()
    const path = join(dir, 'copy.raw')
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path })
    writeFileSync(path, '')
    // Without a journal entry, an empty file is not overwritten.
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ left: { _tag: 'Conflict' } })
    const journal = join(dir, 'journal', `${plan.id}.ndjson`)
    writeFileSync(
      journal,
      `${readFileSync(journal, 'utf8')}{"v":3,"at":"2026-01-01T00:00:00Z","epoch":1,"entry":"sending","id":null}\n`,
    )
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ right: { created: { kind: 'file', path } } })
    expect(sha512(readFileSync(path))).toBe(sha512(DISK))
  })

  it('does not write through a link at the path of its part', async () => {
    const cloud = createCloud()
    const path = join(dir, 'copy.raw')
    const plan = planTransfer(fileAt('disk.raw', DISK), { kind: 'file', path })
    writeFileSync(join(dir, 'mine'), 'mine')
    symlinkSync(join(dir, 'mine'), `${path}.${plan.id}.part`)
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ right: { created: { kind: 'file', path } } })
    expect(readFileSync(join(dir, 'mine'), 'utf8')).toBe('mine')
    expect(sha512(readFileSync(path))).toBe(sha512(DISK))
  })

  it('reports an invalid spool directory, and continues once it is valid', async () => {
    const cloud = createCloud()
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path: join(dir, 'copy.raw') })
    writeFileSync(join(dir, 'spool'), 'a file')
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({
      left: { _tag: 'Rejected', what: expect.stringContaining('it is not a directory') },
    })
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({
      right: [{ state: 'failed', reason: expect.stringContaining('it is not a directory') }],
    })
    rmSync(join(dir, 'spool'))
    expect(await resumeRuns('all', createOptions(cloud))).toMatchObject([
      { result: { right: { verified: 'digest-declared' } } },
    ])
  })

  it('returns Rejected if the folder does not exist', async () => {
    const cloud = createCloud()
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path: join(dir, 'none', 'copy.raw') })
    expect(await applyPlan(plan, createOptions(cloud))()).toMatchObject({ left: { _tag: 'Rejected' } })
  })
})

describe('applyPlan after a killed download', () => {
  it('deletes temporary resources of a killed process before the next download', async () => {
    const cloud = createCloud()
    // A provider of disks returns raw disks, read by a temporary server.
    const found = await cloud.get('debian')()
    if (E.isLeft(found)) throw new Error(found.left.what)
    const image = { ...found.right, format: { disk: null, container: null } }
    const plan = planTransfer(
      { kind: 'image', image, capabilities: { ...cloud.capabilities, operations: ['download', 'createFromBytes'] } },
      { kind: 'file', path: join(dir, 'copy.raw') },
    )
    const left = new Map([
      ['1', { run: plan.id, epoch: 1 }],
      ['2', { run: 'another run', epoch: 1 }],
      ['3', { run: plan.id, epoch: 2 }],
      ['4', { run: plan.id, epoch: null }],
    ])
    const seen: string[] = []
    const source: ImageSource = {
      ...cloud,
      download: (id, options) => {
        seen.push(`read by ${options?.run === plan.id ? 'this run' : 'nobody'} in epoch ${options?.epoch}`)
        return perform(cloud, 'download', id, options)
      },
      orphans: () =>
        TE.right([...left].map(([id, tag]) => ({ kind: 'server', id, name: null, ...tag, createdAt: null }))),
      deleteOrphan: ({ id }) => {
        seen.push(`${id} removed`)
        left.delete(id)
        return TE.right(undefined)
      },
    }
    const killed = rejected(createErrorSite(cloud.cloud, 'download'), { what: 'killed' })
    await applyPlan(
      plan,
      createOptions(source, { openSource: () => TE.right({ ...source, download: () => TE.left(killed) }) }),
    )()
    expect(await applyPlan(plan, createOptions(source))()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(seen).toEqual(['1 removed', '4 removed', 'read by this run in epoch 2'])
  })
})

describe('applyPlan from a URL', () => {
  const url = 'https://images.test/debian.raw?signature=geheim'
  const createPlan = (cloud: ImageSource, overrides: TransferOverrides = {}): Plan =>
    planTransfer({ kind: 'url', url, size: DISK.length, etag: '"1"' }, into(cloud), overrides)

  it('opens the URL by its masked form, and never stores its secrets', async () => {
    const cloud = createCloud()
    const opened: string[] = []
    const openUrl: NonNullable<RunOptions['openUrl']> = (masked) => {
      opened.push(masked)
      return TE.right({ bytes: createByteSource(DISK), etag: '"1"' })
    }
    expect(await applyPlan(createPlan(cloud), createOptions(cloud, { openUrl }))()).toMatchObject({
      right: { verified: 'digest-match' },
    })
    expect(opened).toEqual(['https://images.test/debian.raw?…'])
    expect(readFileSync(join(dir, 'journal', `${createPlan(cloud).id}.ndjson`), 'utf8')).not.toContain('geheim')
  })

  it('reports and records the URL after redirects once', async () => {
    const cloud = createCloud()
    const notes: string[] = []
    const finalUrl = 'https://mirror.test/debian.raw?…'
    let left = 1
    // The first attempt fails, so the URL is opened twice.
    const bytes: ByteSource = {
      size: DISK.length,
      open: (range) =>
        left-- > 0
          ? TE.left(unavailable(createErrorSite({ provider: 'url', cloud: null }, 'open'), { what: 'busy' }))
          : createByteSource(DISK).open(range),
    }
    const options = createOptions(cloud, {
      openUrl: () => TE.right({ bytes, etag: '"1"', finalUrl }),
      onEvent: (event) => void (event.event === 'note' && notes.push(event.what)),
    })
    expect(await applyPlan(createPlan(cloud), options)()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(notes).toEqual([`downloading from ${finalUrl}`])
    expect(
      readFileSync(join(dir, 'journal', `${createPlan(cloud).id}.ndjson`), 'utf8').split('"entry":"redirected"'),
    ).toHaveLength(2)
  })

  it('starts again after an interruption if the URL has no ETag', async () => {
    const cloud = createCloud()
    const other = Uint8Array.from(DISK, (byte) => 255 - byte)
    const broken = unavailable(createErrorSite({ provider: 'url', cloud: null }, 'open'), { what: 'broken' })
    const starts: number[] = []
    const bytes: ByteSource = {
      size: DISK.length,
      open: (range) => {
        starts.push(range?.start ?? 0)
        if (starts.length > 1) return createByteSource(other).open(range)
        return TE.right(
          (async function* () {
            yield DISK.slice(0, 100_000)
            await Promise.resolve()
            throw new ImageException(broken)
          })(),
        )
      },
    }
    const plan = planTransfer({ kind: 'url', url, size: DISK.length, etag: null }, into(cloud))
    expect(
      await applyPlan(plan, createOptions(cloud, { openUrl: () => TE.right({ bytes, etag: null }) }))(),
    ).toMatchObject({ right: { digests: { sha512: sha512(other) } } })
    expect(starts).toEqual([0, 0])
  })

  it('refuses a URL whose content has changed', async () => {
    const cloud = createCloud()
    for (const opened of [
      { bytes: createByteSource(DISK), etag: '"2"' },
      { bytes: createByteSource(DISK.slice(1)), etag: '"1"' },
    ]) {
      expect(
        await applyPlan(createPlan(cloud), createOptions(cloud, { openUrl: () => TE.right(opened) }))(),
      ).toMatchObject({
        left: { _tag: 'Conflict' },
      })
    }
    expect(await applyPlan(createPlan(cloud), createOptions(cloud))()).toMatchObject({ left: { _tag: 'Rejected' } })
  })
})

describe('applyPlans, listRuns and discardRun', () => {
  it('run plans in parallel, each once, and return results in order', async () => {
    const cloud = createCloud()
    let [now, highest] = [0, 0]
    let meet: () => void = () => undefined
    const met = new Promise<void>((resolve) => (meet = resolve))
    const counting: ImageSource = {
      ...cloud,
      upload: (id, bytes, options) => async () => {
        highest = Math.max(highest, ++now)
        if (now === 2) meet()
        await met
        // A third run would have started by then.
        await new Promise((resolve) => setTimeout(resolve, 30))
        const answer = await perform(cloud, 'upload', id, bytes, options)()
        now--
        return answer
      },
    }
    const plans = ['a', 'b', 'c'].map((name) => planTransfer(fileAt(`${name}.raw`, DISK), into(cloud), { name }))
    const results = await applyPlans([...plans, ...plans.slice(0, 1)], { ...createOptions(counting), jobs: 2 })
    expect(results.map(({ run, result }) => [run, E.isRight(result)])).toEqual(
      [...plans, ...plans.slice(0, 1)].map(({ id }) => [id, true]),
    )
    expect(highest).toBe(2)
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: { length: 4 } } })
  })

  it('reject after all other runs have ended', async () => {
    const cloud = createCloud()
    const plans = ['a', 'b', 'c'].map((name) => planTransfer(fileAt(`${name}.raw`, DISK), into(cloud), { name }))
    const onEvent = ({ run }: { readonly run: string }): void => {
      if (run === plans[0]?.id) throw new Error('a listener')
    }
    await expect(applyPlans(plans, { ...createOptions(cloud, { onEvent }), jobs: 2 })).rejects.toThrow('a listener')
    expect(await cloud.listPage({}, null)()).toMatchObject({ right: { items: { length: 3 } } })
  })

  it('release the spool space of a failed run', async () => {
    const from = createMemorySource({
      cloud: { provider: 'memory', cloud: 'from', region: null },
      images: ['lost', 'there'].map((id) => fileImage(id, DISK)),
      bytes: { lost: DISK, there: DISK },
    })
    const to = createCloud()
    const lost = unavailable(createErrorSite(from.cloud, 'download'), { what: 'nobody answers' })
    const source: ImageSource = {
      ...from,
      download: (id, options) => (id === 'lost' ? TE.left(lost) : perform(from, 'download', id, options)),
    }
    const plans = await Promise.all(
      ['lost', 'there'].map(async (id) => planTransfer(await findImage(from, id), into(to), { name: id })),
    )
    const options = createOptions(to, {
      openSource: ({ cloud }) => TE.right(cloud === 'from' ? source : to),
      spoolLimit: DISK.length * 1.5,
    })
    expect(
      (await applyPlans(plans, options)).map(({ result }) =>
        E.isLeft(result) ? result.left.what : result.right.verified,
      ),
    ).toEqual(['nobody answers', 'digest-match'])
  })

  it('discard journal and spool, but not of a run in progress', async () => {
    const cloud = createCloud()
    const plan = planTransfer(await findImage(cloud), into(cloud), { name: 'copy' })
    const options = createOptions(cloud)
    const seen: unknown[] = []
    const failing: ImageSource = {
      ...cloud,
      upload: () => async () => {
        seen.push(await discardRun(plan.id, options)())
        return E.left(rejected(createErrorSite(TARGET, 'upload'), { what: 'no' }))
      },
    }
    expect(await applyPlan(plan, createOptions(failing))()).toMatchObject({ left: { _tag: 'Rejected' } })
    expect(seen).toMatchObject([{ left: { _tag: 'Conflict', what: expect.stringContaining('is in progress') } }])
    expect(existsSync(join(dir, 'spool', plan.id, 'source'))).toBe(true)

    expect(await discardRun(plan.id, options)()).toEqual(E.right(undefined))
    expect(existsSync(join(dir, 'spool', plan.id))).toBe(false)
    expect(readdirSync(join(dir, 'journal'))).toEqual([])
    for (const run of [plan.id, '../journal', ''])
      expect(await discardRun(run, options)()).toMatchObject({ left: { _tag: 'NotFound' } })
    // A new run creates the same image.
    expect(await applyPlan(plan, options)()).toMatchObject({ right: { verified: 'digest-match', adopted: false } })
  })

  it('list and resume runs by their journals', async () => {
    const cloud = createCloud()
    const plan = planTransfer(await findImage(cloud), { kind: 'file', path: join(dir, 'copy.raw') })
    const withoutDownload: ImageSource = { ...cloud, download: undefined as never }
    expect(await applyPlan(plan, createOptions(withoutDownload))()).toMatchObject({ left: { _tag: 'Unsupported' } })
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({
      right: [
        {
          run: plan.id,
          state: 'refused',
          step: 'download',
          what: `memory/to:debian-12 to ${join(dir, 'copy.raw')}`,
          reason: 'the provider does not support this operation',
          outcome: null,
        },
      ],
    })
    expect(await resumeRuns('all', createOptions(cloud))).toMatchObject([
      { run: plan.id, result: { right: { verified: 'digest-declared' } } },
    ])
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({
      right: [{ state: 'done', reason: null, outcome: { run: plan.id } }],
    })
    expect(await resumeRuns('all', createOptions(cloud))).toEqual([])
    writeFileSync(join(dir, 'journal', `${plan.id}.ndjson`), 'nonsense\n')
    expect(await listRuns(join(dir, 'journal'))()).toMatchObject({ right: [{ run: plan.id, state: 'unreadable' }] })
    expect(await listRuns(join(dir, 'none'))()).toEqual(E.right([]))
  })
})
