import { describe, expect, test } from '@jest/globals'
import { readDump } from '@imago/core'
import { FIELD_NAMES, getFieldValue, type Drift, type FieldName, type Image } from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'
import { documentOf, dumps } from './fixtures.ts'

/** `<hcloud.servers.client.BoundServer object at 0x…>` says nothing of the server: that is told. */
const isServerAsText = ({ kind, path }: Drift): boolean =>
  kind === 'wrong-type' && (path === '/created_from' || path === '/bound_to')

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(documentOf(file), { readers: [hetznerReader] })
  expect(rejected).toEqual([])
  expect(file.endsWith('-str.json') ? drift.filter((one) => !isServerAsText(one)) : drift).toEqual([])
  return items
}

test.each(dumps.filter((file) => file.endsWith('-str.json')))(
  '%s: servers written as texts are told as drift',
  (file) => {
    const { drift } = readDump(documentOf(file), { readers: [hetznerReader] })
    expect(drift.filter(isServerAsText)).toHaveLength(5)
  },
)

const byId = (images: readonly Image[]): ReadonlyMap<string, Image> =>
  new Map(images.map((image) => [image.ref.id, image]))

const api = byId([...read('api-images.json'), ...read('api-image-no-seconds.json')])

const fieldsOf = (image: Image): Readonly<Record<string, unknown>> =>
  Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))

/** By image and field, what a dump says where it does not say what the API says. */
type Losses = Readonly<Record<string, Readonly<Partial<Record<FieldName, unknown>>>>>

const merged = (...all: readonly Losses[]): Losses => {
  const ids = [...new Set(all.flatMap((losses) => Object.keys(losses)))]
  return Object.fromEntries(
    ids.map((id) => [id, Object.assign({}, ...all.map((losses) => losses[id])) as Losses[string]]),
  )
}

/** Clients of before September 2026 drop `deprecation`, so the end is assumed from `deprecated`: 31 August and three months is 1 December. */
const NO_DEPRECATION: Losses = {
  45557056: { unavailableAfter: '2026-12-01T00:00:00Z' },
  103907373: { deprecatedAt: null, unavailableAfter: null },
}

/** Clients of before April 2023 drop `architecture`: of what was made in 2022 and before it is known all the same. */
const NO_ARCHITECTURE: Losses = Object.fromEntries(
  [103907373, 161547269, 161547270, 309646820, 322189934, 330017712, 330450101, 331200555].map((id) => [
    id,
    { architecture: null },
  ]),
)

/** hcloud keeps `image_size` as a float32, and prints that: 0.6435209 and 12.917847 GB. */
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

describe('every client says of an image what the API says', () => {
  test('all clients’ dumps are compared', () =>
    expect(Object.keys(LOSSES)).toEqual(dumps.filter((file) => !file.startsWith('api-')).sort()))

  test.each(Object.entries(LOSSES))('%s', (file, losses) => {
    const images = read(file)
    const expected = images.map(({ ref }) => {
      const image = api.get(ref.id)
      return image === undefined ? ref.id : { ...fieldsOf(image), ...losses[ref.id] }
    })
    expect(images.map(fieldsOf)).toEqual(expected)
    expect(images.length).toBeGreaterThan(0)
  })

  test.each(Object.entries(LOSSES).filter(([file]) => file.includes('list') || file.includes('images')))(
    '%s: each stated loss is one',
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

test('lists hold all 13 images, and `all list` those that are of the project', () => {
  const lists = Object.keys(LOSSES).filter((file) => /list|images/.test(file))
  expect(Object.fromEntries(lists.map((file) => [file, read(file).length]))).toEqual(
    Object.fromEntries(lists.map((file) => [file, file.includes('all-list') ? 4 : 13])),
  )
})
