import { ImageException, createByteSource, type ByteSource } from '@imago/core'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { crc32, gunzipSync } from 'node:zlib'
import { decompress, DEFAULT_DECOMPRESSION_LIMITS, type DecompressionLimits } from '../../src/decompress/decompress.ts'
import { COMPRESSION_KINDS, detectCompression, type CompressionKind } from '../../src/decompress/kind.ts'
import { anyCuts, cutAt, gathered, readOutcome, SITE, watched } from '../bytes/chunks.ts'
import { FIRST, parts, RUN_BOMB, SECOND, zeros } from './parts.ts'

const createSource = (chunks: readonly Uint8Array[]): ByteSource => ({
  size: null,
  open: () => TE.right(watched(chunks).bytes),
})

const opened = async (
  source: ByteSource,
  range?: { start: number; end: number | null },
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await source.open(range, signal)()
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

const of = (
  kind: CompressionKind,
  chunks: readonly Uint8Array[],
  limits: DecompressionLimits = DEFAULT_DECOMPRESSION_LIMITS,
): ByteSource => decompress(createSource(chunks), kind, limits, SITE)

const readFailure = async (source: ByteSource): Promise<unknown> => {
  const { thrown } = await readOutcome(await opened(source))
  return ImageException.is(thrown) ? thrown.error : thrown
}

describe.each(COMPRESSION_KINDS)('decompress, for %s', (kind) => {
  const { one, two, empty } = parts[kind]

  it('is detected by its first bytes', () => {
    for (const bytes of [one, two, empty]) expect(detectCompression(bytes.subarray(0, 10))).toBe(kind)
    expect(detectCompression(one.subarray(0, 2))).toBeNull()
  })

  it('decodes all concatenated parts, however they are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([one, two, empty, two], { minLength: 1 }),
        anyCuts(600),
        async (chosen, cuts) => {
          const expected = Buffer.concat(
            chosen.map((part) => (part === one ? FIRST : part === two ? SECOND : Buffer.alloc(0))),
          )
          expect((await gathered(await opened(of(kind, cutAt(Buffer.concat(chosen), cuts))))).equals(expected)).toBe(
            true,
          )
        },
      ),
      { numRuns: 25 },
    ))

  it('decodes it byte by byte', async () => {
    expect(
      (
        await gathered(
          await opened(
            of(
              kind,
              cutAt(
                Buffer.concat([one, two]),
                Array.from({ length: one.length + two.length }, (_, index) => index),
              ),
            ),
          ),
        )
      ).equals(Buffer.concat([FIRST, SECOND])),
    ).toBe(true)
  })

  it('reports truncation at any byte', () => {
    const whole = Buffer.concat([one, two])
    return fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        fc.pre(length !== one.length)
        const { got, thrown } = await readOutcome(await opened(of(kind, [whole.subarray(0, length)])))
        expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({
          _tag: 'IntegrityFailed',
          what: expect.stringContaining('truncated'),
        })
        expect(Buffer.concat([FIRST, SECOND]).subarray(0, got.length).equals(got)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('reports truncation inside the header of the second part', async () => {
    const whole = Buffer.concat([one, two])
    for (let length = one.length + 1; length < Math.min(one.length + 24, whole.length); length++) {
      const { thrown } = await readOutcome(await opened(of(kind, [whole.subarray(0, length)])))
      expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({
        _tag: 'IntegrityFailed',
        what: expect.stringContaining('truncated'),
      })
    }
  })

  it('reports any changed byte', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(one.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flipped) => {
        const bytes = Buffer.from(one)
        bytes[at] = (bytes[at] ?? 0) ^ flipped
        const { got, thrown } = await readOutcome(await opened(of(kind, [bytes])))
        // The gzip header has a date and names without a checksum.
        if (thrown === null) expect(got.equals(FIRST)).toBe(true)
        else expect(ImageException.is(thrown) ? thrown.error._tag : thrown).toMatch(/IntegrityFailed|Rejected/)
      }),
      { numRuns: 60 },
    ))

  it('reports data after its end', async () => {
    for (const rest of ['garbage, and more of it', 'x'.repeat(70_000)]) {
      const error = await readFailure(of(kind, [one, Buffer.from(rest)]))
      // liblzma does not distinguish garbage from damage.
      expect(error).toMatchObject(
        kind === 'xz'
          ? { _tag: 'IntegrityFailed', what: expect.stringContaining('other data follows') }
          : { _tag: 'Rejected', what: expect.stringContaining(`data that is not ${kind} follows`), remedy: 'new-plan' },
      )
    }
  })

  it('reports empty input', async () => {
    expect(await readFailure(of(kind, []))).toMatchObject({ _tag: 'IntegrityFailed' })
  })

  it('returns any range of the content', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(FIRST.length), fc.option(fc.nat(FIRST.length * 2)), async (start, more) => {
        const end = more === null ? null : start + more
        expect(
          (await gathered(await opened(of(kind, [one]), { start, end }))).equals(
            FIRST.subarray(start, end ?? undefined),
          ),
        ).toBe(true)
      }),
      { numRuns: 10 },
    ))

  it('rejects a range outside the content', async () => {
    expect(E.isLeft(await of(kind, [one]).open({ start: 2, end: 1 })())).toBe(true)
    const { thrown } = await readOutcome(await opened(of(kind, [one]), { start: FIRST.length + 1, end: null }))
    expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({ _tag: 'Rejected' })
  })

  it('refuses output beyond the size limit', async () => {
    const { got, thrown } = await readOutcome(
      await opened(of(kind, [zeros[kind]], { ...DEFAULT_DECOMPRESSION_LIMITS, bytes: 1_000_000 })),
    )
    expect(got.length).toBeLessThanOrEqual(1_000_000)
    expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({
      _tag: 'UnsafeImage',
      check: 'decompression_bomb',
    })
  })

  it('refuses output beyond the ratio limit', async () => {
    expect(await readFailure(of(kind, [zeros[kind]], { bytes: null, ratio: 100, ratioFrom: 1_000_000 }))).toMatchObject(
      {
        _tag: 'UnsafeImage',
        check: 'decompression_bomb',
        what: expect.stringContaining('to more than 100 times its size'),
      },
    )
  })

  it('allows output within the limits', async () => {
    expect(await gathered(await opened(of(kind, [zeros[kind]])))).toHaveLength(20_000_000)
  })

  it('passes on an error of the source', async () => {
    const broken = new Error('broken')
    const source: ByteSource = { size: null, open: () => TE.right(watched([one.subarray(0, 100)], broken).bytes) }
    expect((await readOutcome(await opened(decompress(source, kind, DEFAULT_DECOMPRESSION_LIMITS, SITE)))).thrown).toBe(
      broken,
    )
  })

  it('closes the source when the iteration is left early', async () => {
    for (const takes of [0, 1]) {
      const input = watched(cutAt(Buffer.concat([one, one, one, one]), [300, 700, 1500]))
      const iterator = (
        await opened(
          decompress({ size: null, open: () => TE.right(input.bytes) }, kind, DEFAULT_DECOMPRESSION_LIMITS, SITE),
        )
      )[Symbol.asyncIterator]()
      for (let times = 0; times < takes; times += 1) await iterator.next()
      await iterator.return?.()
      expect(input.closed()).toBe(1)
    }
  })

  it('ends when the signal is aborted', async () => {
    const controller = new AbortController()
    const iterator = (await opened(of(kind, [zeros[kind]]), undefined, controller.signal))[Symbol.asyncIterator]()
    await iterator.next()
    controller.abort()
    const { thrown } = await readOutcome({ [Symbol.asyncIterator]: () => iterator })
    expect(ImageException.is(thrown) ? thrown.error : thrown).toMatchObject({ _tag: 'Aborted' })
  })
})

describe('detectCompression', () => {
  it('returns null for other bytes', () => {
    for (const bytes of [
      Buffer.alloc(10),
      Buffer.from('QFI\xfb\0\0\0\x03xx', 'latin1'),
      Buffer.from('BZh9 and text'),
      Buffer.from([0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.alloc(0),
    ])
      expect(detectCompression(bytes)).toBeNull()
  })
})

describe('decompress', () => {
  it('takes zeros after a gzip for padding, and reports data after those', async () => {
    const { one, two } = parts.gzip
    expect(
      (await gathered(await opened(of('gzip', [one, Buffer.alloc(1000), Buffer.alloc(40_000)])))).equals(FIRST),
    ).toBe(true)
    for (const chunks of [[one, Buffer.alloc(10), two], [Buffer.concat([one, Buffer.alloc(10), two])]])
      expect(await readFailure(of('gzip', chunks))).toMatchObject({
        _tag: 'Rejected',
        what: expect.stringContaining('other data follows'),
      })
    expect(gunzipSync(Buffer.concat([one, Buffer.alloc(10)]))).toHaveLength(FIRST.length)
  })

  it('refuses a bzip2 with a run of 2³¹ bytes', async () => {
    expect(await readFailure(of('bzip2', [RUN_BOMB]))).toMatchObject({
      _tag: 'IntegrityFailed',
      what: expect.stringContaining('a run that is too long'),
    })
  })

  it('refuses a zstd frame that needs too much memory or a dictionary, and skips a skippable one', async () => {
    const header = (...bytes: readonly number[]): Buffer => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...bytes])
    expect(await readFailure(of('zstd', [header(0, 0x90, 1, 0, 0)]))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('MiB of memory'),
    })
    expect(await readFailure(of('zstd', [header(1, 0, 7, 1, 0, 0)]))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('a dictionary'),
      remedy: 'new-plan',
    })
    const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    expect((await gathered(await opened(of('zstd', [skipped, parts.zstd.one, skipped])))).equals(FIRST)).toBe(true)
  })

  it('refuses an xz dictionary larger than the memory limit', async () => {
    // A block's header: LZMA2 with a dictionary of 4 GiB - 1.
    const block = Buffer.from([2, 0, 0x21, 1, 40, 0, 0, 0])
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32LE(crc32(block))
    const bytes = Buffer.concat([Buffer.from('fd377a585a000004e6d6b446', 'hex'), block, checksum, Buffer.alloc(100)])
    expect(await readFailure(of('xz', [bytes]))).toMatchObject({
      _tag: 'Rejected',
      what: expect.stringContaining('256 MiB of memory'),
    })
  })

  it('returns the same content when it is opened again', async () => {
    const source = decompress(createByteSource(parts.gzip.one), 'gzip', DEFAULT_DECOMPRESSION_LIMITS, SITE)
    expect(source.size).toBeNull()
    for (let times = 0; times < 2; times += 1) expect((await gathered(await opened(source))).equals(FIRST)).toBe(true)
  })
})
