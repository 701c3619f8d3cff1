import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { createByteSource, type ByteRange, type ByteSource } from '../../src/source/byte-source.ts'
import { createErrorSite } from '../../src/error/image-error.ts'
import { ImageException } from '../../src/error/image-exception.ts'

const read = async (source: ByteSource, range?: ByteRange): Promise<readonly Uint8Array[]> => {
  const opened = await source.open(range)()
  if (E.isLeft(opened)) throw new ImageException(opened.left)
  const chunks: Uint8Array[] = []
  for await (const chunk of opened.right) chunks.push(chunk)
  return chunks
}

describe('createByteSource', () => {
  it('returns exactly the range, in chunks, on each call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat({ max: 45 }),
        fc.option(fc.nat({ max: 60 })),
        fc.integer({ min: 1, max: 9 }),
        async (bytes, start, end, chunkSize) => {
          fc.pre(start <= bytes.length && (end === null || end >= start))
          const source = createByteSource(bytes, undefined, chunkSize)
          const [once, again] = [await read(source, { start, end }), await read(source, { start, end })]
          expect(Buffer.concat(once)).toEqual(Buffer.from(bytes.slice(start, end ?? undefined)))
          expect(again).toEqual(once)
          expect(once.every(({ length }) => length > 0 && length <= chunkSize)).toBe(true)
        },
      ),
    )
  })

  it('returns all bytes and their size without a range', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    expect(createByteSource(bytes).size).toBe(3)
    expect(await read(createByteSource(bytes))).toEqual([bytes])
    expect(await read(createByteSource(new Uint8Array()))).toEqual([])
  })

  it('allows running one task of open twice', async () => {
    const opening = createByteSource(Uint8Array.of(1)).open()
    for (const _ of ['once', 'again']) {
      const opened = await opening()
      const chunks: Uint8Array[] = []
      for await (const chunk of E.isRight(opened) ? opened.right : []) chunks.push(chunk)
      expect(chunks).toEqual([Uint8Array.of(1)])
    }
  })

  it.each([
    [{ start: 4, end: null }, '4 to the end'],
    [{ start: 2, end: 1 }, '2 to 1'],
    [{ start: -1, end: null }, '-1 to the end'],
  ])('returns Rejected for range %j of three bytes', async (range, shown) => {
    const source = createByteSource(
      Uint8Array.of(1, 2, 3),
      createErrorSite({ provider: 'paper', cloud: 'test' }, 'download'),
    )
    expect(await source.open(range)()).toMatchObject({
      left: {
        _tag: 'Rejected',
        provider: 'paper',
        cloud: 'test',
        operation: 'download',
        what: `the range from ${shown} is not within the 3 bytes`,
      },
    })
  })

  it('returns Aborted before the first byte, and throws it afterwards', async () => {
    const controller = new AbortController()
    const source = createByteSource(Uint8Array.of(1, 2), undefined, 1)
    const opened = await source.open(undefined, controller.signal)()
    const seen: Uint8Array[] = []
    const reading = (async () => {
      for await (const chunk of E.isRight(opened) ? opened.right : []) {
        seen.push(chunk)
        controller.abort()
      }
    })()
    await expect(reading).rejects.toMatchObject({ error: { _tag: 'Aborted' } })
    expect(seen).toEqual([Uint8Array.of(1)])
    expect(await source.open(undefined, controller.signal)()).toMatchObject({ left: { _tag: 'Aborted' } })
  })
})
