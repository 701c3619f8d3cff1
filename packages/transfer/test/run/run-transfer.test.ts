import { afterEach, describe, expect, it } from '@jest/globals'
import {
  rejected,
  createErrorSite,
  toClient,
  unavailable,
  ImageException,
  type ByteSource,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { computeImageId } from '../../src/plan/uuid.ts'
import { createRig, DISK, sha512, type Rig, type RigOptions } from './rig.ts'

const rigs: Rig[] = []
const openRig = (options: RigOptions = {}): Rig => {
  const rig = createRig(options)
  rigs.push(rig)
  return rig
}
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.clear()
})

/** A method that exists. */
const must = <M>(method: M | undefined): M => {
  if (method === undefined) throw new TypeError('there is no such method')
  return method
}

const site = createErrorSite({ provider: 'memory', cloud: 'to' }, 'upload')

/** A source whose `n`th uploads fail by `fail`, before or after the bytes are read. */
const failingUploads = (times: number): ((source: ImageSource) => ImageSource) => {
  let left = times
  return (source) => ({
    ...source,
    upload: (id, bytes, options) =>
      left-- > 0
        ? TE.left(unavailable(site, { what: 'the connection was reset' }))
        : must(source.upload)(id, bytes, options),
  })
}

/** A source whose first download breaks at `at`. Counts the bytes it returns. */
const breakingAt = (
  at: number,
  given: { bytes: number; opened: number[] },
  onChunk: () => void = () => undefined,
): ((source: ImageSource) => ImageSource) => {
  let isFirst = true
  const broken = (bytes: ByteSource): ByteSource => ({
    ...bytes,
    open: (range, signal) =>
      TE.map((chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
        (async function* () {
          given.opened.push(range?.start ?? 0)
          let read = range?.start ?? 0
          for await (const chunk of chunks) {
            if (isFirst && read + chunk.length > at) {
              isFirst = false
              given.bytes += at - read
              if (at > read) yield chunk.subarray(0, at - read)
              throw new ImageException(unavailable(site, { what: 'the connection was reset' }))
            }
            read += chunk.length
            given.bytes += chunk.length
            onChunk()
            yield chunk
          }
        })(),
      )(bytes.open(range, signal)),
  })
  return (source) => ({ ...source, download: (id, options) => TE.map(broken)(must(source.download)(id, options)) })
}

describe('applyPlan between providers of files', () => {
  it('uses the record that a request without a response created', async () => {
    let requests = 0
    const rig = openRig({
      wrapTo: (source) => ({
        ...source,
        create: (request, options) => {
          requests++
          return TE.flatMap(() => TE.left<ImageError, Image>(unavailable(site, { what: 'the gateway answered 504' })))(
            must(source.create)(request, options),
          )
        },
      }),
    })
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
    expect((await rig.listCreated()).map(({ ref }) => ref.id)).toEqual([computeImageId(rig.plan.id, 0)])
    expect(requests).toBe(1)
  })

  it('creates one image as planned, verifies it and clears the spool', async () => {
    const rig = openRig({
      overrides: { visibility: 'community', protect: true },
      image: { tags: ['lts'], properties: { hw_disk_bus: 'scsi' }, description: 'stable' },
    })
    const answer = await rig.run()
    expect(answer).toMatchObject({
      right: {
        run: rig.plan.id,
        size: DISK.length,
        digests: { sha512: sha512(DISK) },
        verified: 'digest-match',
        adopted: false,
        warnings: [],
      },
    })
    const [image, ...others] = await rig.listCreated()
    expect(others).toEqual([])
    expect(image).toMatchObject({
      ref: { id: computeImageId(rig.plan.id, 0) },
      name: 'debian-12',
      description: 'stable',
      status: 'available',
      visibility: 'community',
      protected: true,
      tags: ['lts'],
      properties: { hw_disk_bus: 'scsi', imago_run: rig.plan.id },
      digests: [{ value: sha512(DISK) }],
    })
    expect(rig.spooled()).toEqual([])
    expect(rig.events.flatMap((event) => (event.event === 'step' ? [event.step] : []))).toEqual([
      'download',
      'create',
      'upload',
      'verify',
      'finish',
    ])
    expect(rig.events.at(-1)).toMatchObject({ event: 'done', run: rig.plan.id })
  })

  it('creates one image in two runs', async () => {
    const rig = openRig()
    await rig.run()
    expect(await rig.run()).toMatchObject({ right: { adopted: true, verified: 'digest-match' } })
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('adopts the image when run on another machine', async () => {
    const rig = openRig()
    await rig.run()
    expect(await rig.run({ journals: `${rig.dir}/elsewhere` })).toMatchObject({
      right: { adopted: true, verified: 'digest-match' },
    })
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('creates another image if the first was deleted', async () => {
    const rig = openRig()
    await rig.run()
    await toClient(rig.to).delete(computeImageId(rig.plan.id, 0))
    expect(await rig.run()).toMatchObject({ right: { adopted: false } })
    expect((await rig.listCreated()).map(({ ref }) => ref.id)).toEqual([computeImageId(rig.plan.id, 1)])
  })

  it('continues a download interrupted at any byte', async () => {
    for (const at of [0, 1, 65_536, 65_537, DISK.length - 1, DISK.length]) {
      const given = { bytes: 0, opened: [] as number[] }
      const rig = openRig({ wrapFrom: breakingAt(at, given) })
      expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
      expect(given.bytes).toBe(DISK.length)
    }
  })

  it('retries uploads from the spool with one download', async () => {
    const given = { bytes: 0, opened: [] as number[] }
    const rig = openRig({ wrapFrom: breakingAt(Infinity, given), wrapTo: failingUploads(4) })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'Unavailable' } })
    expect(await rig.listCreated()).toEqual([])
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(given).toEqual({ bytes: DISK.length, opened: [0] })
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('deletes an incomplete image unless keepFailed is set', async () => {
    for (const keepFailed of [false, true]) {
      const rig = openRig({
        wrapTo: (source) => ({ ...source, upload: () => TE.left(rejected(site, { what: 'no such format' })) }),
      })
      expect(await rig.run({ keepFailed })).toMatchObject({ left: { _tag: 'Rejected' } })
      expect(await rig.listCreated()).toHaveLength(keepFailed ? 1 : 0)
    }
  })

  it.each([
    [1, 'part'],
    [Infinity, 'all'],
  ] as const)(
    'after an upload of %d chunks, reports to the next that the target may have %s of the data',
    async (maxChunks, earlier) => {
      const reported: unknown[] = []
      const rig = openRig({
        // Long enough for several chunks.
        bytes: Uint8Array.from({ length: 3 * 2 ** 20 }, (_, index) => (index * 7 + (index >> 8)) % 256),
        wrapTo: (source) => ({
          ...source,
          upload: (id, bytes, options) => async () => {
            reported.push(options?.earlier)
            if (reported.length > 1) return must(source.upload)(id, bytes, options)()
            const opened = await bytes.open()()
            let taken = 0
            if (E.isRight(opened)) for await (const _ of opened.right) if (++taken >= maxChunks) break
            return E.left(unavailable(site, { what: 'the connection was reset' }))
          },
        }),
      })
      expect(await rig.run({ keepFailed: true, retry: { attempts: 1, waitMs: 1, maxWaitMs: 1 } })).toMatchObject({
        left: { _tag: 'Unavailable' },
      })
      expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
      expect(reported).toEqual(['nothing', earlier])
      expect(await rig.listCreated()).toHaveLength(1)
    },
  )

  it('refuses a plan whose source has changed, and a changed plan', async () => {
    const rig = openRig()
    await toClient(rig.from).update('debian', { name: 'other' })
    expect(await rig.run()).toMatchObject({
      left: { _tag: 'Conflict', what: expect.stringContaining('changed since the transfer was planned') },
    })
    expect(
      await rig.run({}, undefined, { ...rig.plan, finalSettings: { ...rig.plan.finalSettings, protect: true } }),
    ).toMatchObject({
      left: { _tag: 'Rejected' },
    })
    expect(await rig.listCreated()).toEqual([])
  })

  it('refuses bytes that differ from the declared digest', async () => {
    const rig = openRig({ source: { bytes: { debian: DISK.map((byte) => byte ^ 1) } } })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(await rig.listCreated()).toEqual([])
    expect(rig.spooled().filter((file) => /source/.test(file))).toEqual([])
  })

  it('refuses an unsafe image before any request to the target', async () => {
    const qcow2 = DISK.slice()
    qcow2.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3])
    qcow2.fill(0, 8, 512)
    qcow2[15] = 1
    const rig = openRig({ bytes: qcow2, image: { format: { disk: 'qcow2', container: 'bare' } } })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'UnsafeImage', check: 'backing_file' } })
    expect(await rig.listCreated()).toEqual([])
  })

  it('deletes an image that differs at the target, and creates another when resumed', async () => {
    let isFirst = true
    const other = (image: Image): Image => {
      if (!isFirst) return image
      isFirst = false
      return {
        ...image,
        digests: [{ algorithm: 'sha512', value: 'ff'.repeat(64), of: 'stored', assertedBy: 'provider' }],
      }
    }
    const rig = openRig({
      wrapTo: (source) => ({
        ...source,
        upload: (id, bytes, options) => TE.map(other)(must(source.upload)(id, bytes, options)),
      }),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(await rig.listCreated()).toEqual([])
    expect(await rig.run()).toMatchObject({
      right: { verified: 'digest-match', created: { ref: { id: computeImageId(rig.plan.id, 1) } } },
    })
  })

  it('stops when the signal is aborted, and continues afterwards', async () => {
    const controller = new AbortController()
    const given = { bytes: 0, opened: [] as number[] }
    const rig = openRig({ wrapFrom: breakingAt(Infinity, given, () => controller.abort()) })
    const stopping = rig.run({ signal: controller.signal })
    expect(await stopping).toMatchObject({ left: { _tag: 'Aborted' } })
    expect(await rig.listCreated()).toEqual([])
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(given.opened).toEqual([0, expect.any(Number)])
    expect(given.opened[1]).toBeGreaterThan(0)
    // At most the chunk at which it stopped is read twice.
    expect(given.bytes).toBeLessThanOrEqual(DISK.length + 65_536)
  })

  it('fails before the download if the spool is too small', async () => {
    for (const options of [{ freeBytes: async () => 1000 }, { spoolLimit: 1000 }]) {
      const given = { bytes: 0, opened: [] as number[] }
      const rig = openRig({ ...options, wrapFrom: breakingAt(Infinity, given) })
      expect(await rig.run()).toMatchObject({ left: { _tag: 'QuotaExceeded' } })
      expect(given.bytes).toBe(0)
    }
  })

  it('refuses an image that has another size at a target without digests', async () => {
    const toLonger = (image: Image): Image => ({
      ...image,
      digests: [],
      size: { ...image.size, stored: image.size.stored === null ? null : image.size.stored + 1 },
    })
    const rig = openRig({
      wrapTo: (source) => ({
        ...source,
        get: (id, options) => TE.map(toLonger)(source.get(id, options)),
        upload: (id, bytes, options) => TE.map(toLonger)(must(source.upload)(id, bytes, options)),
      }),
    })
    expect(await rig.run()).toMatchObject({
      left: {
        _tag: 'IntegrityFailed',
        what: 'the size of the new image differs from what was sent',
        hint: 'Resume to send it again',
        expected: `${DISK.length} bytes`,
        actual: `${DISK.length + 1} bytes`,
      },
    })
    expect(await rig.listCreated()).toEqual([])
  })

  it('downloads the image for verification if the target has no digests, unless digest-declared is accepted', async () => {
    const toBlind = (image: Image): Image => ({ ...image, digests: [] })
    const blind = (source: ImageSource): ImageSource => ({
      ...source,
      get: (id, options) => TE.map(toBlind)(source.get(id, options)),
      upload: (id, bytes, options) => TE.map(toBlind)(must(source.upload)(id, bytes, options)),
    })
    expect(await openRig({ wrapTo: blind }).run()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(await openRig({ wrapTo: blind }).run({ accept: 'digest-declared' })).toMatchObject({
      right: { verified: 'digest-declared' },
    })
    const mute = openRig({
      wrapTo: (source) => {
        const { download: _, ...deaf } = blind(source)
        return deaf
      },
    })
    expect(await mute.run()).toMatchObject({ left: { _tag: 'IntegrityFailed' } })
    expect(await mute.listCreated()).toEqual([])
  })
})

describe('applyPlan to a provider of disks', () => {
  it('creates one image with the run label, and adopts it', async () => {
    const rig = openRig({ target: { disks: true }, image: { tags: ['lts'], properties: { os_distro: 'debian' } } })
    expect(rig.plan.target).toMatchObject({ by: 'createFromBytes' })
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match', adopted: false } })
    expect(await rig.run({ journals: `${rig.dir}/elsewhere` })).toMatchObject({
      right: { verified: 'digest-match', adopted: true },
    })
    const made = await rig.listCreated()
    expect(made).toHaveLength(1)
    expect(made[0]).toMatchObject({ labels: { 'imago-run': rig.plan.id, 'imago-run-epoch': '1' } })
  })

  it('keeps a complete image and deletes its temporary server after a crash', async () => {
    const left: { readonly run: string; readonly epoch: number | null }[] = []
    let isKilled = true
    const rig = openRig({
      target: { disks: true },
      wrapTo: (source) => ({
        ...source,
        createFromBytes: (request, bytes, options) =>
          TE.filterOrElse(
            () => !isKilled,
            (): ImageError => {
              left.push({ run: options.run, epoch: options.epoch ?? null })
              return unavailable(createErrorSite(source.cloud, 'createFromBytes'), { what: 'killed' })
            },
          )(must(source.createFromBytes)(request, bytes, options)),
        orphans: () => TE.right(left.map((tag) => ({ kind: 'server', id: '1', name: null, ...tag, createdAt: null }))),
        deleteOrphan: () => TE.fromIO(() => void left.pop()),
      }),
    })
    expect(await rig.run()).toMatchObject({ left: { what: 'killed' } })
    expect(left).toEqual([{ run: rig.plan.id, epoch: 1 }])
    isKilled = false
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match' } })
    expect(left).toEqual([])
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('keeps the first of two images created at the same time', async () => {
    const rig = openRig({
      target: { disks: true },
      wrapTo: (source) => ({
        ...source,
        createFromBytes: (request, bytes, options) =>
          TE.flatMap(() => must(source.createFromBytes)(request, bytes, options))(
            must(source.createFromBytes)(request, bytes, options),
          ),
      }),
    })
    const answer = await rig.run()
    expect(answer).toMatchObject({ right: { adopted: true, verified: 'digest-match' } })
    expect((await rig.listCreated()).map(({ ref }) => ref.id)).toEqual([
      E.isRight(answer) && answer.right.created.kind === 'image' ? answer.right.created.ref.id : null,
    ])
  })
})
