import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createByteSource } from '@imago/core/provider'
import { createCipheriv } from 'node:crypto'
import { getError, getValue } from '../local-api.ts'
import { BYTES_PER_GB, createScene, diskBytes, made, NEW, read, sha512, type Scene } from './transferring.ts'

let scene: Scene
beforeEach(async () => {
  scene = await createScene()
})
afterEach(() => scene.close())

describe('createFromBytes', () => {
  it('creates an image that download returns unchanged, and leaves no other resources', async () => {
    const before = await scene.inventory()
    const bytes = diskBytes()
    const steps: string[] = []
    const sent: number[] = []
    const { image, verified } = await getValue(
      scene.source.createFromBytes({ ...NEW, labels: { role: 'web' } }, createByteSource(bytes), {
        run: 'plan-7',
        epoch: 4,
        onStep: (step) => void steps.push(step),
        onProgress: (count) => void sent.push(count),
      }),
    )
    expect(verified).toBe('digest-match')
    expect(image).toMatchObject({
      status: 'available',
      kind: 'snapshot',
      architecture: 'x86_64',
      description: 'made-here',
      labels: {
        role: 'web',
        'imago-run': 'plan-7',
        'imago-run-epoch': '4',
        'imago-name': 'made-here',
        'imago-bytes': String(bytes.length),
      },
    })
    expect(image.labels).not.toHaveProperty('imago')
    expect(sent.at(-1)).toBe(bytes.length)
    expect(steps.some((step) => /^connected to server \d+, host key SHA256:[\w+/]{43}$/.test(step))).toBe(true)
    const after = await scene.inventory()
    expect(after).toEqual({ ...before, snapshots: [...before.snapshots, 'made-here'] })

    const back = await getValue(scene.source.download(image.ref.id))
    expect(back.size).toBe(bytes.length)
    expect(sha512(await read(back))).toBe(sha512(bytes))
    expect(await scene.inventory()).toEqual(after)
    expect(await getValue(scene.source.orphans())).toEqual([])
  }, 120_000)
})

describe('rescue transfers, there and back', () => {
  it('download labels its temporary resources with the run, and reports the host key', async () => {
    const image = await made(scene, diskBytes())
    const steps: string[] = []
    const source = await getValue(
      scene.source.download(image.ref.id, { run: 'plan-8', epoch: 5, onStep: (step) => void steps.push(step) }),
    )
    const seen = new Set<string>()
    for await (const _ of await getValue(source.open()))
      if (seen.size === 0)
        for (const { kind, run, epoch } of await getValue(scene.source.orphans()))
          seen.add(`${kind} of ${run}, ${epoch}`)
    expect([...seen]).toEqual(['server of plan-8, 5', 'ssh-key of plan-8, 5'])
    expect(steps.some((step) => /^connected to server \d+, host key SHA256:[\w+/]{43}$/.test(step))).toBe(true)
    expect(await getError(scene.source.download(image.ref.id, { run: 'no run!' }))).toMatchObject({
      _tag: 'Rejected',
      operation: 'download',
    })
  }, 120_000)

  it('download returns parts of an image', async () => {
    const bytes = diskBytes()
    const image = await made(scene, bytes)
    const source = await getValue(scene.source.download(image.ref.id))
    for (const range of [
      { start: 69_990, end: 70_010 },
      { start: bytes.length - 7, end: null },
    ])
      expect((await read(source, range)).equals(bytes.subarray(range.start, range.end ?? undefined))).toBe(true)
  }, 120_000)

  it('incompressible bytes are returned unchanged', async () => {
    const bytes = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
      Buffer.alloc(20 * BYTES_PER_GB),
    )
    const image = await made(scene, bytes)
    expect(sha512(await read(await getValue(scene.source.download(image.ref.id))))).toBe(sha512(bytes))
  }, 120_000)
})
