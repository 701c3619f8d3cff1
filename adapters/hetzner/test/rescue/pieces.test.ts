import { describe, expect, it } from '@jest/globals'
import { createByteSource, createErrorSite, type ByteImageOptions, type NewImage } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { gzipBlocks } from '../../src/rescue/gzip-blocks.ts'
import { computeShare } from '../../src/rescue/money.ts'
import { newSnapshot } from '../../src/rescue/new-snapshot.ts'
import { serverChoices } from '../../src/rescue/server-choice.ts'
import { diskBytes, NEW } from './transferring.ts'

describe('serverChoices', () => {
  const price = (location: string, net: string) => ({ location, price_hourly: { net, gross: net } })
  const cx23 = { name: 'cx23', architecture: 'x86', disk: 40, prices: [price('fsn1', '0.005'), price('hel1', '0.004')] }
  const cx33 = { name: 'cx33', architecture: 'x86', disk: 80, prices: [price('fsn1', '0.001')] }
  const cax11 = { name: 'cax11', architecture: 'arm', disk: 40, prices: [price('fsn1', '0.003')] }
  const all = [cx33, cx23, cax11]
  const names = (
    types: Parameters<typeof serverChoices>[0],
    wanted: Partial<Parameters<typeof serverChoices>[1]> = {},
  ) =>
    serverChoices(types, { architecture: 'x86', disk: 40, ...wanted }).map(
      ({ serverType, location }) => `${serverType} ${location}`,
    )

  it('orders by the smallest disk that fits, then by price', () => {
    expect(names(all)).toEqual(['cx23 hel1', 'cx23 fsn1', 'cx33 fsn1'])
    expect(names(all, { disk: 41 })).toEqual(['cx33 fsn1'])
    expect(names(all, { architecture: 'arm' })).toEqual(['cax11 fsn1'])
    expect(names(all, { disk: 81 })).toEqual([])
    expect(names([{ ...cx23, prices: [{ location: 'ash' }, price('fsn1', '9')] }])).toEqual(['cx23 fsn1', 'cx23 ash'])
  })

  it('excludes deprecated and sold-out types, in the old and the new form of the response', () => {
    expect(
      names([
        { ...cx23, deprecation: { announced: '2025-10-16T06:00:00Z' } },
        { ...cx33, deprecated: true },
      ]),
    ).toEqual([])
    expect(
      names([
        {
          ...cx23,
          locations: [
            { name: 'fsn1', available: false, deprecation: null },
            { name: 'hel1', available: true, deprecation: {} },
          ],
        },
      ]),
    ).toEqual([])
    expect(
      names([
        {
          ...cx23,
          deprecation: null,
          deprecated: null,
          locations: [{ name: 'fsn1', available: true, deprecation: null }],
        },
      ]),
    ).toEqual(['cx23 hel1', 'cx23 fsn1'])
  })

  it('returns the types and locations that the user names', () => {
    expect(names(all, { location: 'fsn1' })).toEqual(['cx23 fsn1', 'cx33 fsn1'])
    expect(names([{ ...cx33, deprecated: true }, cx23], { serverType: 'cx33' })).toEqual(['cx33 fsn1'])
    expect(names(all, { serverType: 'cx23', disk: 80 })).toEqual([])
  })
})

describe('parts of rescue transfers', () => {
  it('computeShare keeps ten decimals', () => {
    expect(computeShare('0.0110000000', 1.024e9, 1.024e9)).toBe('0.011')
    expect(computeShare('0.0110000000', 20_480_786_432, 1.024e9)).toBe('0.220008448')
    expect(computeShare('12', 1, 1)).toBe('12')
    expect(computeShare('0.1', 0, 1)).toBe('0')
    expect(computeShare('100', 1, 1)).toBe('100')
    expect(computeShare('EUR 1', 1, 1)).toBeNull()
  })

  describe('gzipBlocks', () => {
    const packed = async (chunks: readonly Uint8Array[]): Promise<Buffer> => {
      async function* given(): AsyncGenerator<Uint8Array> {
        yield* chunks
      }
      const out: Uint8Array[] = []
      for await (const chunk of gzipBlocks(given())) out.push(chunk)
      return Buffer.concat(out)
    }

    it('keeps the bytes, however they are cut', async () => {
      const bytes = diskBytes()
      expect(gunzipSync(await packed([bytes])).equals(bytes)).toBe(true)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 5000 }), { minLength: 1, maxLength: 50 }),
          async (chunks) => {
            const whole = Buffer.concat(chunks)
            const out = await packed(chunks)
            expect(out.length === 0 ? Buffer.alloc(0) : gunzipSync(out)).toEqual(whole)
          },
        ),
        { numRuns: 30 },
      )
    })

    it('compresses holes, and hardly grows compressed data', async () => {
      expect((await packed([Buffer.alloc(64 * 2 ** 20)])).length).toBeLessThan(1_000_000)
      const dense = diskBytes().subarray(6 * 2 ** 20, 9 * 2 ** 20)
      expect((await packed(Array<Buffer>(8).fill(dense))).length).toBeLessThan(8 * dense.length * 1.001)
    })
  })

  describe('newSnapshot', () => {
    const site = createErrorSite({ provider: 'hetzner', cloud: 'prod' }, 'createFromBytes')
    const bytes = createByteSource(new Uint8Array(2048))
    const of = (request: Partial<NewImage>, options: Partial<ByteImageOptions> = {}, given = bytes) =>
      newSnapshot(site, { ...NEW, ...request }, given, { run: 'r1', ...options })
    const ok = (...given: Parameters<typeof of>) => {
      const result = of(...given)
      if (E.isLeft(result)) throw new Error(result.left.what)
      return result.right
    }

    it('stores the name in the description or a label', () => {
      expect(ok({ name: 'ubuntu-24.04' })).toMatchObject({
        description: 'ubuntu-24.04',
        labels: { 'imago-name': 'ubuntu-24.04' },
      })
      expect(ok({ name: 'ubuntu-24.04', description: 'golden' })).toMatchObject({
        description: 'golden',
        labels: { 'imago-name': 'ubuntu-24.04' },
      })
      expect(ok({ name: 'Ubuntu (golden)' }).labels).not.toHaveProperty('imago-name')
      expect(ok({ name: 'Ubuntu (golden)', description: 'of May' }).description).toBe('Ubuntu (golden): of May')
    })

    it('returns a disk for the bytes and the requested minimum disk', () => {
      expect(ok({})).toMatchObject({ size: 2048, disk: 1, architecture: 'x86' })
      expect(ok({ architecture: 'aarch64', minDisk: 40.5 * 1.024e9 })).toMatchObject({ disk: 41, architecture: 'arm' })
      // 20 GiB is more than Hetzner's 20 GB.
      expect(ok({}, { virtualSize: 20 * 2 ** 30 })).toMatchObject({ size: 21_474_836_480, disk: 21 })
    })

    it.each<[string, Partial<NewImage>, Partial<ByteImageOptions>]>([
      ['an ID', { id: 'x' }, {}],
      ['another format', { diskFormat: 'qcow2' }, {}],
      ['a container', { containerFormat: 'ova' }, {}],
      ['visibility', { visibility: 'public' }, {}],
      ['tags', { tags: ['a'] }, {}],
      ['properties', { properties: { os_distro: 'debian' } }, {}],
      ['minimum memory', { minRam: 1 }, {}],
      ['invalid labels', { labels: { 'a b': '' } }, {}],
      ['reserved labels of imago', { labels: { 'imago-run': 'x' } }, {}],
      ['an architecture that Hetzner does not have', { architecture: 's390x' }, {}],
      ['a store', {}, { store: 'fast' }],
      ['a run that is not a valid host name', {}, { run: 'a_b' }],
      ['a virtual size below the number of bytes', {}, { virtualSize: 2047 }],
    ])('rejects %s', (_, request, options) => {
      expect(of(request, options)).toMatchObject({ _tag: 'Left', left: { _tag: 'Rejected' } })
    })

    it('requires an architecture and a size', () => {
      const { architecture: _, ...without } = NEW
      expect(newSnapshot(site, without, bytes, { run: 'r1' })).toMatchObject({
        left: { hint: 'Set it to x86_64 or aarch64' },
      })
      expect(of({}, {}, { ...bytes, size: null })).toMatchObject({
        left: { what: 'the size of the disk is unknown' },
      })
      expect(ok({}, { virtualSize: 4096 }, { ...bytes, size: null })).toMatchObject({ size: 4096 })
    })
  })
})
