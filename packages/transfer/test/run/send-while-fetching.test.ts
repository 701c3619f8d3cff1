import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  createErrorSite,
  ImageException,
  integrityFailed,
  rejected,
  unavailable,
  type AbortSignalLike,
  type ByteSource,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { findSizeToSend } from '../../src/run/send-while-fetching.ts'
import { createRig, sha512, type Rig, type RigOptions } from './rig.ts'

/** Five chunks as they are sent, and a part of one. */
const IMAGE = Uint8Array.from({ length: 5 * 2 ** 20 + 512 }, (_, index) => (index * 7 + (index >> 8)) % 256)
const PIECE = 2 ** 16

const rigs: Rig[] = []
const openRig = (options: RigOptions = {}): Rig => {
  const rig = createRig({ bytes: IMAGE, minOverlappedBytes: IMAGE.length, ...options })
  rigs.push(rig)
  return rig
}
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.clear()
})

const site = createErrorSite({ provider: 'memory', cloud: 'to' }, 'upload')
const reset = unavailable(site, { what: 'the connection was reset' })

const must = <M>(method: M | undefined): M => {
  if (method === undefined) throw new TypeError('there is no such method')
  return method
}

/** What source and target saw. */
interface Seen {
  /** Where each download started. */
  readonly downloads: number[]
  /** Bytes that the source returned. */
  fetched: number
  /** Bytes that the target received, of each upload. */
  readonly sent: number[]
}
const createSeen = (): Seen => ({ downloads: [], fetched: 0, sent: [] })

type Before = (at: number, signal: AbortSignalLike | undefined) => unknown

/** The same bytes in small pieces, with `before` called with the position of each. */
const inPieces = (bytes: ByteSource, seen: Seen, before: Before): ByteSource => ({
  ...bytes,
  open: (range, signal) =>
    TE.map((chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        let at = range?.start ?? 0
        seen.downloads.push(at)
        for await (const chunk of chunks)
          for (let from = 0; from < chunk.length; from += PIECE) {
            await before(at, signal)
            const piece = chunk.subarray(from, from + PIECE)
            at += piece.length
            seen.fetched += piece.length
            yield piece
          }
      }
      return pieces()
    })(bytes.open(range, signal)),
})

const fetchedWith =
  (seen: Seen, before: Before = () => undefined) =>
  (source: ImageSource): ImageSource => ({
    ...source,
    download: (id, options) =>
      TE.map((bytes: ByteSource) => inPieces(bytes, seen, before))(must(source.download)(id, options)),
  })

/** A target that counts what it receives; `refuse` returns why an upload ends, by its number and the bytes received. */
const sentWith =
  (seen: Seen, refuse: (upload: number, received: number) => ImageError | null = () => null) =>
  (source: ImageSource): ImageSource => ({
    ...source,
    upload: (id, bytes, options) => async () => {
      const upload = seen.sent.push(0) - 1
      let refusal: ImageError | null = null
      const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunks) {
          seen.sent[upload] = (seen.sent[upload] ?? 0) + chunk.length
          refusal = refuse(upload, seen.sent[upload])
          if (refusal !== null) throw new ImageException(refusal)
          yield chunk
        }
      }
      const answer = await must(source.upload)(
        id,
        { size: bytes.size, open: (range, signal) => TE.map(counted)(bytes.open(range, signal)) },
        options,
      )()
      return refusal === null ? answer : E.left(refusal)
    },
  })

const until = async (isReached: () => boolean): Promise<void> => {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve))
}

const readEntries = ({ dir, plan }: Rig): readonly string[] =>
  readFileSync(join(dir, 'journal', `${plan.id}.ndjson`), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { readonly entry: string }).entry)

const CREATED = { right: { verified: 'digest-match', size: IMAGE.length, digests: { sha512: sha512(IMAGE) } } }

describe('a transfer of a large image', () => {
  it('sends bytes before all are fetched', async () => {
    const seen = createSeen()
    const rig = openRig({
      wrapFrom: fetchedWith(seen, (at) =>
        at + PIECE < IMAGE.length ? undefined : until(() => (seen.sent[0] ?? 0) >= 2 ** 20),
      ),
      wrapTo: sentWith(seen),
    })
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.sent).toEqual([IMAGE.length])
    expect(await rig.listCreated()).toMatchObject([{ status: 'available' }])
    expect(rig.spooled()).toEqual([])
    // The spool is not needed any more, so it is not completed.
    expect(readEntries(rig)).not.toContain('ready')
  })

  it('reports the upload after the download', async () => {
    const rig = openRig()
    await rig.run()
    const steps = rig.events.flatMap((event) =>
      event.event === 'step' || event.event === 'step-done' ? [`${event.event} ${event.step}`] : [],
    )
    expect(steps).toEqual([
      'step download',
      'step-done download',
      'step create',
      'step upload',
      'step verify',
      'step-done verify',
    ])
    expect(
      rig.events
        .flatMap((event) => (event.event === 'progress' && event.step === 'upload' ? [event.bytes] : []))
        .at(-1),
    ).toBe(IMAGE.length)
  })

  it('never sends the last chunk of bytes with another digest', async () => {
    const seen = createSeen()
    const rig = openRig({
      source: { bytes: { debian: IMAGE.map((byte, index) => (index === 5 ? byte ^ 1 : byte)) } },
      wrapFrom: fetchedWith(seen),
      wrapTo: sentWith(seen),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'IntegrityFailed', remedy: 'new-source' } })
    expect(seen.sent[0] ?? 0).toBeLessThan(IMAGE.length)
    expect(await rig.listCreated()).toEqual([])
    expect(rig.spooled().filter((file) => /source/.test(file))).toEqual([])
  })

  it('never sends the last chunk of an unsafe image', async () => {
    const qcow2 = IMAGE.slice()
    qcow2.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3])
    qcow2.fill(0, 8, 512)
    qcow2[15] = 1
    const seen = createSeen()
    const rig = openRig({
      bytes: qcow2,
      image: { format: { disk: 'qcow2', container: 'bare' } },
      wrapTo: sentWith(seen),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'UnsafeImage', check: 'backing_file' } })
    expect(seen.sent[0] ?? 0).toBeLessThan(qcow2.length)
    expect(await rig.listCreated()).toEqual([])
  })

  it('sends the image again from the spool if the connection to the target breaks', async () => {
    const seen = createSeen()
    const rig = openRig({
      wrapFrom: fetchedWith(seen),
      wrapTo: sentWith(seen, (upload, received) => (upload === 0 && received > 2 ** 20 ? reset : null)),
    })
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.downloads).toEqual([0])
    expect(seen.fetched).toBe(IMAGE.length)
    expect(seen.sent.slice(1)).toEqual([IMAGE.length])
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('does not fetch the rest if the target refuses the image', async () => {
    const seen = createSeen()
    const refusal = rejected(site, { what: 'no such format' })
    const rig = openRig({
      wrapFrom: fetchedWith(seen, (at, signal) => (at < 2 ** 22 ? undefined : until(() => signal?.aborted === true))),
      wrapTo: sentWith(seen, () => refusal),
    })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'Rejected', what: 'no such format' } })
    expect(seen.fetched).toBeLessThan(IMAGE.length)
    expect(await rig.listCreated()).toEqual([])
  })

  it('reports an image that differs at the target, and discards it', async () => {
    const differs = integrityFailed(site, { what: 'other data', expected: 'sha512:a', actual: 'sha512:b' })
    const seen = createSeen()
    const rig = openRig({ wrapTo: sentWith(seen, (_, received) => (received === IMAGE.length ? differs : null)) })
    expect(await rig.run()).toMatchObject({ left: { _tag: 'IntegrityFailed', what: 'other data' } })
    expect(seen.sent).toEqual([IMAGE.length])
    expect(await rig.listCreated()).toEqual([])
  })

  it('deletes the image when interrupted, and continues the download afterwards', async () => {
    const seen = createSeen()
    const controller = new AbortController()
    const rig = openRig({
      wrapFrom: fetchedWith(seen, (at) =>
        at >= 2 ** 22 && seen.downloads.length === 1 ? controller.abort() : undefined,
      ),
      wrapTo: sentWith(seen),
    })
    expect(await rig.run({ signal: controller.signal })).toMatchObject({ left: { _tag: 'Aborted' } })
    expect(await rig.listCreated()).toEqual([])
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.downloads[1]).toBeGreaterThan(0)
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('continues a broken download with the same upload', async () => {
    const seen = createSeen()
    let isFirst = true
    const rig = openRig({
      wrapFrom: fetchedWith(seen, (at) => {
        if (!isFirst || at < 2 ** 21) return
        isFirst = false
        throw new ImageException(reset)
      }),
      wrapTo: sentWith(seen),
    })
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.downloads).toEqual([0, 2 ** 21])
    expect(seen.sent).toEqual([IMAGE.length])
  })

  it('does not send a part that was wrong together with the bytes that replace it', async () => {
    const seen = createSeen()
    const controller = new AbortController()
    const rig = openRig({
      wrapFrom: fetchedWith(seen, (at) =>
        at >= 2 ** 22 && seen.downloads.length === 1 ? controller.abort() : undefined,
      ),
      wrapTo: sentWith(seen),
    })
    await rig.run({ signal: controller.signal })
    const part = join(rig.options.spoolDir, rig.plan.id, 'source.part')
    expect(existsSync(part)).toBe(true)
    writeFileSync(part, readFileSync(part).fill(1, 0, 100))
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.downloads.at(-1)).toBe(0)
    expect(seen.sent.at(-1)).toBe(IMAGE.length)
    expect(await rig.listCreated()).toHaveLength(1)
  })

  it('fills a part that ends with a hole', async () => {
    const image = IMAGE.slice()
    image.fill(0, 2 ** 20)
    const seen = createSeen()
    const rig = openRig({ bytes: image, wrapFrom: fetchedWith(seen), wrapTo: sentWith(seen) })
    expect(await rig.run()).toMatchObject({ right: { verified: 'digest-match', digests: { sha512: sha512(image) } } })
    expect(seen.sent).toEqual([image.length])
  })

  it('verifies staged bytes again, without a download, if it was interrupted after the upload', async () => {
    const seen = createSeen()
    const rig = openRig({ wrapFrom: fetchedWith(seen), wrapTo: sentWith(seen) })
    const crashed = new Error('crashed')
    await expect(
      rig.run({}, (journal) => ({
        ...journal,
        note: async (entry) => {
          await journal.note(entry)
          if (entry.entry === 'sent') throw crashed
        },
      })),
    ).rejects.toBe(crashed)
    expect(await rig.run()).toMatchObject(CREATED)
    expect(seen.downloads).toEqual([0])
    expect(seen.sent).toEqual([IMAGE.length])
  })
})

describe('a transfer that fetches first', () => {
  const fetchFirst = async (rig: Rig, seen: Seen): Promise<void> => {
    expect(await rig.run()).toMatchObject(CREATED)
    const entries = readEntries(rig)
    expect(entries.indexOf('ready')).toBeGreaterThan(0)
    expect(entries.indexOf('creating')).toBeGreaterThan(entries.indexOf('ready'))
    expect(seen.sent).toEqual([IMAGE.length])
  }

  it('is that of a smaller image', async () => {
    const seen = createSeen()
    await fetchFirst(openRig({ minOverlappedBytes: IMAGE.length + 1, wrapTo: sentWith(seen) }), seen)
  })

  it('is that of an image with a given digest', async () => {
    const seen = createSeen()
    const sourceDigests = [
      { algorithm: 'sha512', value: sha512(IMAGE), from: null, name: null, signature: 'none' },
    ] as const
    await fetchFirst(openRig({ overrides: { sourceDigests }, wrapTo: sentWith(seen) }), seen)
  })

  it('is that to a target without digests', () => {
    const { plan, to } = openRig()
    const blind = { ...to, capabilities: { ...to.capabilities, digests: [] } }
    expect(findSizeToSend(plan, to, 1)).toBe(IMAGE.length)
    expect(findSizeToSend(plan, blind, 1)).toBeNull()
  })
})
