import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { validImage } from '../../../schemas/image/test/arbitraries.ts'
import type { Image } from '@imago/core'
import { storableText } from '../src/rows/cell.ts'
import type { StoreTarget } from '../src/index.ts'
import { image, left, prices, read, readImages, right, store, usage } from './stored.ts'

const MONDAY = '2026-11-02T03:00:00Z'
const TUESDAY = '2026-11-03T03:00:00Z'
const WEDNESDAY = '2026-11-04T03:00:00Z'
const THURSDAY = '2026-11-05T03:00:00Z'

/** All texts in a value. */
const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [storableText(key), storable(entry)]))
}

const names = (images: readonly Image[]): readonly (string | null)[] => images.map(({ name }) => name)

/** Tests for all databases with history. `create` returns a new, empty one; `runs` is the number of random observations to store. */
export const historySuite = (title: string, create: () => StoreTarget, runs = 60): void => {
  describe(title, () => {
    it('returns images as they were stored', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(validImage, { maxLength: 5 }), async (generated) => {
          const images = generated.map((fields, index) => {
            const ref = { provider: 'hetzner', cloud: 'production', region: null, id: `${index}` }
            return { ...(fields as unknown as Image), ref }
          })
          const to = create()
          right(await store(to, { at: MONDAY, images }))
          expect(await readImages(to)).toEqual(images.map((one) => storable({ ...one, raw: null })))
        }),
        { numRuns: runs },
      )
    })

    it('stores evidence and the record on request', async () => {
      const to = create()
      const raw = '{"id":12345678901234567890,"name":"ä"}'
      right(await store(to, { at: MONDAY, images: [image('1')], extra: { raw } }))
      const [stored] = await readImages(to)
      expect(stored?.raw).toEqual(JSON.parse(raw))
    })

    it('stores masked texts', async () => {
      const to = create()
      const origin = {
        relation: 'imported-from',
        kind: 'url',
        id: null,
        name: null,
        url: 'https://secret@host/',
      } as const
      const images = [image('1', { description: 'secret', origins: [origin], properties: { a: 'secret' } })]
      right(await store(to, { at: MONDAY, images, mask: (text) => text.replaceAll('secret', '***') }))
      expect(JSON.stringify(await readImages(to))).not.toContain('secret')
    })

    it('counts images that are new, changed and missing', async () => {
      const to = create()
      const first = await store(to, { at: MONDAY, images: [image('1'), image('2'), image('3')] })
      const second = await store(to, { at: TUESDAY, images: [image('1'), image('2', { name: 'new' }), image('4')] })
      expect(right(first)).toEqual({ images: 3, added: 3, changed: 0, missing: 0 })
      expect(right(second)).toEqual({ images: 3, added: 1, changed: 1, missing: 1 })
    })

    it('returns each version of an image at its time', async () => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [image('1', { name: 'a' })] }))
      right(await store(to, { at: TUESDAY, images: [image('1', { name: 'b' })] }))
      right(await store(to, { at: WEDNESDAY, images: [image('1', { name: 'a' })] }))
      const at = async (time: string) => names(await readImages(to, time))
      expect(await at('2026-11-02T02:59:59Z')).toEqual([])
      expect(await at(MONDAY)).toEqual(['a'])
      expect(await at('2026-11-03T12:00:00Z')).toEqual(['b'])
      expect(await at(THURSDAY)).toEqual(['a'])
    })

    it('returns the time of the last run for the last state', async () => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [] }))
      right(await store(to, { at: TUESDAY, images: [] }))
      expect(Date.parse((await read(to)).at)).toBe(Date.parse(TUESDAY))
    })

    it('returns an image only while it existed', async () => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [image('1', { name: 'a' })] }))
      right(await store(to, { at: TUESDAY, images: [] }))
      right(await store(to, { at: WEDNESDAY, images: [image('1', { name: 'a' })] }))
      expect(names(await readImages(to, MONDAY))).toEqual(['a'])
      expect(names(await readImages(to, TUESDAY))).toEqual([])
      expect(names(await readImages(to))).toEqual(['a'])
    })

    it.each([
      ['failed', { images: { completeness: 'failed', reason: 'HTTP 503' } }],
      ['was forbidden', { images: { completeness: 'forbidden', reason: 'HTTP 403' } }],
      ['had unreadable records', { rejected: 1 }],
    ] as const)('marks no image as missing after a listing that %s', async (_, state) => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [image('1', { name: 'a' }), image('2', { name: 'b' })] }))
      right(await store(to, { at: TUESDAY, images: [image('1', { name: 'new' })], state }))
      expect(new Set(names(await readImages(to)))).toEqual(new Set(['b', 'new']))
    })

    it('returns the completeness of the last run until a time', async () => {
      const to = create()
      const images = { completeness: 'failed', reason: 'HTTP 503' } as const
      right(await store(to, { at: MONDAY, images: [image('1')] }))
      right(await store(to, { at: TUESDAY, images: [], state: { images } }))
      expect((await read(to, MONDAY)).clouds[0]?.images).toMatchObject({ completeness: 'read', reason: null })
      expect((await read(to)).clouds[0]?.images).toMatchObject(images)
    })

    it('does not change images of other clouds', async () => {
      const to = create()
      const other = { provider: 'hetzner', cloud: 'staging', region: null }
      right(await store(to, { at: MONDAY, images: [image('1', {}, other)], state: { cloud: other } }))
      right(await store(to, { at: TUESDAY, images: [image('1')] }))
      expect((await read(to)).clouds.map(({ cloud, images }) => `${cloud.cloud} ${images.items.length}`)).toEqual([
        'production 1',
        'staging 1',
      ])
    })

    it('keeps the last of several images with the same ID', async () => {
      const to = create()
      const images = [image('1', { name: 'a', labels: { a: '1' } }), image('2'), image('1', { name: 'b' })]
      right(await store(to, { at: MONDAY, images }))
      expect(names(await readImages(to))).toEqual([null, 'b'])
    })

    it('refuses a run that is not later than the last one', async () => {
      const to = create()
      right(await store(to, { at: TUESDAY, images: [image('1')] }))
      const error = left(await store(to, { at: MONDAY, images: [] }))
      expect(error).toMatchObject({ _tag: 'RunOutOfOrder', cloud: 'hetzner/production', last: TUESDAY })
      expect(await readImages(to)).toHaveLength(1)
    })

    it('returns usage as of the last run', async () => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [image('1')], state: { usage: usage() } }))
      right(await store(to, { at: TUESDAY, images: [image('1')], state: { usage: usage({ edges: [] }) } }))
      right(await store(to, { at: WEDNESDAY, images: [image('1')] }))
      expect((await read(to, MONDAY)).clouds[0]?.usage).toEqual(usage())
      expect((await read(to, TUESDAY)).clouds[0]?.usage).toEqual(usage({ edges: [] }))
      expect((await read(to)).clouds[0]?.usage.sources).toEqual([])
    })

    it('keeps references after an incomplete reading of usage', async () => {
      const to = create()
      const sources = [{ name: 'servers', completeness: 'forbidden', reason: 'HTTP 403' }] as const
      right(await store(to, { at: MONDAY, images: [image('1')], state: { usage: usage() } }))
      right(await store(to, { at: TUESDAY, images: [image('1')], state: { usage: usage({ edges: [], sources }) } }))
      expect((await read(to)).clouds[0]?.usage).toEqual(usage({ sources }))
    })

    it('returns each price list at its time', async () => {
      const to = create()
      right(await store(to, { at: MONDAY, images: [], state: { prices: prices('0.0110') } }))
      right(await store(to, { at: TUESDAY, images: [], state: { prices: prices('0.0120') } }))
      expect((await read(to, MONDAY)).clouds[0]?.prices).toEqual(prices('0.0110'))
      expect((await read(to)).clouds[0]?.prices).toEqual(prices('0.0120'))
    })
  })
}
