import { describe, expect, it } from '@jest/globals'
import { perform, type ImageResult, type ByteSource, type Image, type ImageSource } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import fc from 'fast-check'
import type { Journal } from '../../src/journal/journal.ts'
import { createTar } from '../archive/archives.ts'
import { createRig, DISK, sha512, type Rig, type RigOptions } from './rig.ts'

/** A crash of the process. */
class Crash extends Error {}

/** Crashes after a number of steps. A crashed process does nothing more. */
const fuse = (steps: number): { readonly burn: () => void; readonly isOut: () => boolean } => {
  let left = steps
  return {
    burn: () => {
      if (left-- <= 0) throw new Crash('crashed')
    },
    isOut: () => left < 0,
  }
}

type Fuse = ReturnType<typeof fuse>

/** May crash before and after each entry. */
const crashing =
  (world: World, { burn }: Fuse) =>
  (journal: Journal): Journal => ({
    ...journal,
    note: async (entry) => {
      burn()
      await journal.note(entry)
      if (entry.entry === 'ready') world.isReady = true
      burn()
    },
  })

interface World {
  lit: Fuse
  downloaded: number
  /** Bytes downloaded after the spool was complete. */
  late: number
  isReady: boolean
  opened: number
}

/** A source that may crash before a request, or before its response is returned. */
const mortal = (world: World, source: ImageSource): ImageSource => {
  const dying =
    (method: (...args: readonly unknown[]) => ImageResult<unknown>) =>
    (...args: readonly unknown[]): ImageResult<unknown> =>
    async () => {
      world.lit.burn()
      const answer = await method(...args)()
      world.lit.burn()
      return answer
    }
  const names = ['create', 'upload', 'createFromBytes', 'delete', 'protect', 'setVisibility'] as const
  const methods = names.flatMap((name) =>
    source[name] === undefined
      ? []
      : [[name, dying(source[name] as (...args: readonly unknown[]) => ImageResult<unknown>)]],
  )
  return { ...source, ...(Object.fromEntries(methods) as Partial<ImageSource>) }
}

/** Counted bytes of a source, which may crash at each chunk. */
const countedBytes = (world: World, bytes: ByteSource): ByteSource => {
  async function* counting(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    world.opened++
    for await (const chunk of chunks) {
      world.lit.burn()
      world.downloaded += chunk.length
      if (world.isReady) world.late += chunk.length
      yield chunk
    }
  }
  return { ...bytes, open: (range, signal) => TE.map(counting)(bytes.open(range, signal)) }
}

const counted = (world: World, source: ImageSource): ImageSource => ({
  ...source,
  download: (id, options) =>
    TE.map((bytes: ByteSource) => countedBytes(world, bytes))(perform(source, 'download', id, options)),
})

const createWorld = (): World => ({ lit: fuse(Infinity), downloaded: 0, late: 0, isReady: false, opened: 0 })

const rigIn = (world: World, options: RigOptions): Rig =>
  createRig({ ...options, wrapFrom: (source) => counted(world, source), wrapTo: (source) => mortal(world, source) })

/** Runs with a crash after each of these numbers of steps, then to the end. Returns the number of crashes. */
const runThrough = async (
  rig: Rig,
  world: World,
  crashes: readonly number[],
  disk: Uint8Array = DISK,
): Promise<number> => {
  let crashed = 0
  for (const steps of crashes) {
    world.lit = fuse(steps)
    try {
      await rig.run({}, crashing(world, world.lit))
    } catch (thrown) {
      if (!(thrown instanceof Crash)) throw thrown
      crashed++
    }
  }
  world.lit = fuse(Infinity)
  const answer = await rig.run()
  expect(answer).toMatchObject({
    right: { verified: 'digest-match', size: disk.length, digests: { sha512: sha512(disk) } },
  })
  return crashed
}

const expectOne = async (rig: Rig, disk: Uint8Array): Promise<Image> => {
  const made = await rig.listCreated()
  expect(made).toHaveLength(1)
  const [image] = made as [Image]
  const bytes = await perform(rig.to, 'download', image.ref.id)()
  const opened = E.isRight(bytes) ? await bytes.right.open()() : bytes
  const chunks: Uint8Array[] = []
  if (E.isRight(opened)) for await (const chunk of opened.right) chunks.push(chunk)
  expect(sha512(Buffer.concat(chunks))).toBe(sha512(disk))
  expect(rig.spooled()).toEqual([])
  return image
}

/** Several chunks, as they are sent. */
const LARGE = Uint8Array.from({ length: 5 * 2 ** 19 }, (_, index) => (index * 7 + (index >> 8)) % 256)

const KINDS: readonly (readonly [string, RigOptions, Uint8Array?])[] = [
  ['files', { overrides: { protect: true, visibility: 'community' } }],
  ['files, sent while fetched,', { bytes: LARGE, minOverlappedBytes: 0 }, LARGE],
  ['disks', { target: { disks: true } }],
  [
    'files, from an archive,',
    {
      bytes: createTar({ name: 'notes.txt', data: 'x' }, { name: 'disk.raw', data: DISK }),
      image: { format: { disk: 'raw', container: 'ova' } },
      overrides: { archive: 'tar' },
    },
  ],
]

describe.each(KINDS)('a run with a target of %s', (_, options, disk = DISK) => {
  it('creates one correct image after a crash at any step, without a second download', async () => {
    for (let steps = 0; ; steps++) {
      const world = createWorld()
      const rig = rigIn(world, options)
      try {
        const crashed = await runThrough(rig, world, [steps], disk)
        await expectOne(rig, disk)
        expect(world.late).toBe(0)
        if (crashed === 0) break
      } finally {
        rig.clear()
      }
      expect(steps).toBeLessThan(200)
    }
  }, 300_000)

  it('creates one correct image after several crashes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), async (crashes) => {
        const world = createWorld()
        const rig = rigIn(world, options)
        try {
          await runThrough(rig, world, crashes, disk)
          await expectOne(rig, disk)
          expect(world.late).toBe(0)
        } finally {
          rig.clear()
        }
      }),
      { numRuns: 25 },
    )
  }, 300_000)
})

describe('a run with a complete spool', () => {
  it('does not open the source after a crash with a complete spool', async () => {
    const world = createWorld()
    const rig = rigIn(world, {})
    try {
      const stop = (journal: Journal): Journal => ({
        ...journal,
        note: async (entry) => {
          await journal.note(entry)
          if (entry.entry === 'ready') throw new Crash('crashed')
        },
      })
      await expect(rig.run({}, stop)).rejects.toThrow(Crash)
      expect(world.opened).toBe(1)
      await runThrough(rig, world, [])
      expect(world.opened).toBe(1)
      expect(world.downloaded).toBe(DISK.length)
    } finally {
      rig.clear()
    }
  })
})
