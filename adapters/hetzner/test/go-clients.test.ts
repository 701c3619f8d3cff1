import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readDump, type Dump } from '@imago/core'
import { type Image } from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'

const folder = new URL('../../../schemas/hetzner/fixtures/go-clients/', import.meta.url)
const read = (file: string): Dump =>
  readDump(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), { readers: [hetznerReader] })

const api = new Map(read('simulator-api-images.json').items.map((image) => [image.ref.id, image]))

/** hcloud-go stores gigabytes as float32. */
const withoutStored = (image: Image): unknown => ({ ...image, raw: null, size: { ...image.size, stored: null } })

describe.each(['hcloud-go-2.52.0-images.json', 'hcloud-go-2.52.0-images-schema.json'])('%s', (file) => {
  const { items, rejected, drift } = read(file)
  const pairs = items.map((image) => [image, api.get(image.ref.id) as Image] as const)

  it('is read completely', () => {
    expect(rejected).toEqual([])
    expect(drift).toEqual([])
    expect(items).toHaveLength(api.size)
  })

  it('has the same values as the API', () => {
    expect(pairs.map(([image]) => withoutStored(image))).toEqual(pairs.map(([, original]) => withoutStored(original)))
  })

  it('has stored sizes rounded by less than a kilobyte per gigabyte', () => {
    for (const [{ size }, original] of pairs) {
      expect(size.stored === null).toBe(original.size.stored === null)
      expect(Math.abs((size.stored ?? 0) - (original.size.stored ?? 0))).toBeLessThanOrEqual(
        (original.size.stored ?? 0) / 1e6,
      )
    }
  })
})

describe('records printed by Go clients of Hetzner', () => {
  it('ISOs of hcloud, whose type is an empty string, are recognized as ISOs', () => {
    const { items, rejected } = read('hcloud-cli-1.30.3-iso-list.json')
    expect(items).toEqual([])
    expect(new Set(rejected.flatMap(({ issues }) => issues.map(({ got }) => got)))).toEqual(
      new Set(['it is a Hetzner ISO, which has its own endpoint and is not an image']),
    )
  })
})
