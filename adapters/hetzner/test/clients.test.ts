import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import { FIELD_NAMES, getFieldValue, type Drift, type FieldName, type Image } from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'
import { readDocument, dumps } from './fixtures.ts'

/** `<hcloud.servers.client.BoundServer object at 0x…>` does not identify the server, and is reported as drift. */
const isServerAsText = ({ kind, path }: Drift): boolean =>
  kind === 'wrong-type' && (path === '/created_from' || path === '/bound_to')

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(readDocument(file), { readers: [hetznerReader] })
  expect(rejected).toEqual([])
  expect(file.endsWith('-str.json') ? drift.filter((one) => !isServerAsText(one)) : drift).toEqual([])
  return items
}

describe('records printed by Hetzner clients', () => {
  it.each(dumps.filter((file) => file.endsWith('-str.json')))(
    '%s: servers written as text are reported as drift',
    (file) => {
      const { drift } = readDump(readDocument(file), { readers: [hetznerReader] })
      expect(drift.filter(isServerAsText)).toHaveLength(5)
    },
  )

  const byId = (images: readonly Image[]): ReadonlyMap<string, Image> =>
    new Map(images.map((image) => [image.ref.id, image]))

  const api = byId([...read('api-images.json'), ...read('api-image-no-seconds.json')])

  const toFields = (image: Image): Readonly<Record<string, unknown>> =>
    Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))

  /** The values of a dump that differ from those of the API, by image and field. */
  type Losses = Readonly<Record<string, Readonly<Partial<Record<FieldName, unknown>>>>>

  const merged = (...all: readonly Losses[]): Losses => {
    const ids = [...new Set(all.flatMap((losses) => Object.keys(losses)))]
    return Object.fromEntries(
      ids.map((id) => [id, Object.assign({}, ...all.map((losses) => losses[id])) as Losses[string]]),
    )
  }

  /** Clients from before September 2026 omit `deprecation`, so the end is assumed from `deprecated`: three months after 31 August is 1 December. */
  const NO_DEPRECATION: Losses = {
    45557056: { unavailableAfter: '2026-12-01T00:00:00Z' },
    103907373: { deprecatedAt: null, unavailableAfter: null },
  }

  /** Clients from before April 2023 omit `architecture`. It is inferred for images created before 2023. */
  const NO_ARCHITECTURE: Losses = Object.fromEntries(
    [103907373, 161547269, 161547270, 309646820, 322189934, 330017712, 330450101, 331200555].map((id) => [
      id,
      { architecture: null },
    ]),
  )

  /** hcloud stores `image_size` as a float32, and prints 0.6435209 and 12.917847 GB. */
  const FLOAT32: Losses = { 322189934: { 'size.stored': 658_965_402 }, 330017712: { 'size.stored': 13_227_875_328 } }

  /** `default=str` prints hcloud-python's servers as `<hcloud.servers.client.BoundServer object at 0x…>`. */
  const NO_SERVERS: Losses = Object.fromEntries(
    [322189934, 330017712, 330450101, 331200555].map((id) => [id, { origins: [] }]),
  )

  const LOSSES: Readonly<Record<string, Losses>> = {
    'hcloud-cli-1.30.3-image-describe-by-name.json': {},
    'hcloud-cli-1.30.3-image-describe-deprecation-only.json': {},
    'hcloud-cli-1.30.3-image-describe-snapshot.json': {},
    'hcloud-cli-1.30.3-image-list.json': merged(NO_DEPRECATION, NO_ARCHITECTURE, FLOAT32),
    'hcloud-cli-1.39.0-all-list.json': FLOAT32,
    'hcloud-cli-1.39.0-image-describe-no-architecture.json': {},
    'hcloud-cli-1.39.0-image-describe-snapshot.json': {},
    'hcloud-cli-1.39.0-image-list.json': merged(NO_DEPRECATION, FLOAT32),
    'hcloud-python-1.18.2-image-no-seconds.json': {},
    'hcloud-python-1.18.2-images-iso.json': merged(NO_DEPRECATION, NO_ARCHITECTURE),
    'hcloud-python-1.18.2-images-iso.ndjson': merged(NO_DEPRECATION, NO_ARCHITECTURE),
    'hcloud-python-1.18.2-images-str.json': merged(NO_DEPRECATION, NO_ARCHITECTURE, NO_SERVERS),
    'hcloud-python-2.17.0-images-iso.json': NO_DEPRECATION,
    'hcloud-python-2.17.0-images-iso.ndjson': NO_DEPRECATION,
    'hcloud-python-2.17.0-images-str.json': merged(NO_DEPRECATION, NO_SERVERS),
  }

  describe('dumps of clients', () => {
    it('are all compared', () =>
      expect(Object.keys(LOSSES)).toEqual(dumps.filter((file) => !file.startsWith('api-')).sort()))

    it.each(Object.entries(LOSSES))('have the values of the API, except for known losses: %s', (file, losses) => {
      const images = read(file)
      const expected = images.map(({ ref }) => {
        const image = api.get(ref.id)
        return image === undefined ? ref.id : { ...toFields(image), ...losses[ref.id] }
      })
      expect(images.map(toFields)).toEqual(expected)
      expect(images.length).toBeGreaterThan(0)
    })

    it.each(Object.entries(LOSSES).filter(([file]) => file.includes('list') || file.includes('images')))(
      'differ from the API in every known loss: %s',
      (file, losses) => {
        const ids = byId(read(file))
        for (const [id, fields] of Object.entries(losses)) {
          if (!ids.has(id)) continue
          for (const [field, value] of Object.entries(fields))
            expect(value).not.toEqual(getFieldValue(api.get(id) as Image, field as FieldName))
        }
      },
    )
  })

  it('lists contain all 13 images, and `all list` those of the project', () => {
    const lists = Object.keys(LOSSES).filter((file) => /list|images/.test(file))
    expect(Object.fromEntries(lists.map((file) => [file, read(file).length]))).toEqual(
      Object.fromEntries(lists.map((file) => [file, file.includes('all-list') ? 4 : 13])),
    )
  })
})
