import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import {
  getEmptyValue,
  FIELD_NAMES,
  getFieldValue,
  type FieldName,
  type Image,
  type JsonObject,
} from '@imago/core/provider'
import { hetznerReader } from '../src/offline.ts'
import { bareImage } from '@imago/testkit'
import { EXPECTED } from './expected-images.ts'
import { readDocument, dumps, recordsIn } from './fixtures.ts'

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(readDocument(file), { readers: [hetznerReader] })
  expect({ rejected, drift }).toEqual({ rejected: [], drift: [] })
  return items
}

const byId = (images: readonly Image[]): ReadonlyMap<string, Image> =>
  new Map(images.map((image) => [image.ref.id, image]))

const api = byId([...read('api-images.json'), ...read('api-image-no-seconds.json')])

/** Other fields are empty. */
const toImage = ({ ref: { id, ...place }, ...values }: (typeof EXPECTED)[number], raw: unknown): Image => ({
  ...bareImage(id, values, place),
  raw,
})

describe('images of the dumps, against images written by hand', () => {
  const raws = new Map(
    [...recordsIn('api-images.json'), ...recordsIn('api-image-no-seconds.json')].map((record) => [
      String(record['id']),
      record,
    ]),
  )
  it.each(EXPECTED.map((expected) => ({ id: expected.ref.id, expected })))('$id', ({ id, expected }) => {
    expect(api.get(id)).toStrictEqual(toImage(expected, raws.get(id)))
  })
})

/** The expected fields of a record, by a simpler implementation. */
const oracle = (record: JsonObject): Readonly<Partial<Record<FieldName, unknown>>> => {
  const text = (key: string): string | null => (typeof record[key] === 'string' ? record[key] : null)
  const utc = (date: string | null): string | null =>
    date === null ? null : new Date(date).toISOString().replace('.000Z', 'Z')
  const bytes = (key: string): number | null =>
    typeof record[key] === 'number' ? Math.round(record[key] * 1_024_000_000) : null
  const created = utc(text('created')) ?? ''
  const flavor = text('os_flavor')
  const from = record['created_from'] as { readonly id: number; readonly name: string } | null
  const deprecation = (record['deprecation'] ?? null) as {
    readonly announced: string
    readonly unavailable_after: string
  } | null
  const later = (date: string): string => {
    const [year = 0, month = 0, day = 0] = date.slice(0, 10).split('-').map(Number)
    return `${new Date(Date.UTC(year, month - 1 + 3, day)).toISOString().slice(0, 10)}${date.slice(10)}`
  }
  const deprecated = utc(text('deprecated'))
  const kinds: Readonly<Record<string, string>> = {
    creating: 'pending',
    available: 'available',
    unavailable: 'unavailable',
  }
  const architectures: Readonly<Record<string, string>> = { x86: 'x86_64', arm: 'aarch64' }
  const isPublic = record['type'] === 'system' || record['type'] === 'app'
  return {
    'ref.id': String(record['id']),
    name: text('name'),
    description: text('description'),
    kind: record['type'],
    status: kinds[String(record['status'])],
    providerStatus: text('status'),
    visibility: isPublic ? 'public' : 'private',
    hidden: null,
    owner: null,
    protected: (record['protection'] as { readonly delete: boolean }).delete,
    rapidDeploy: record['rapid_deploy'],
    architecture: architectures[String(record['architecture'])] ?? (created < '2023' ? 'x86_64' : null),
    'os.family': flavor === 'unknown' ? null : 'linux',
    'os.distro': flavor === 'unknown' ? null : flavor === 'alma' ? 'almalinux' : flavor,
    'os.version': text('os_version'),
    'os.defaultUser': null,
    'boot.firmware': null,
    'boot.secureBoot': null,
    'format.disk': null,
    'format.container': null,
    'size.stored': bytes('image_size'),
    'size.virtual': bytes('disk_size'),
    'size.minDisk': bytes('disk_size'),
    'size.minRam': null,
    digests: [],
    createdAt: created,
    updatedAt: null,
    deletedAt: null,
    deprecatedAt: deprecation === null ? deprecated : utc(deprecation.announced),
    unavailableAfter: deprecation === null ? deprecated && later(deprecated) : utc(deprecation.unavailable_after),
    origins: [
      ...(from === null
        ? []
        : [{ relation: 'created-from', kind: 'server', id: String(from.id), name: from.name, url: null }]),
      ...(typeof record['bound_to'] === 'number'
        ? [{ relation: 'bound-to', kind: 'server', id: String(record['bound_to']), name: null, url: null }]
        : []),
    ],
    stores: [],
    labels: record['labels'],
    tags: [],
    properties: {},
  }
}

const NOTHING = Object.fromEntries(FIELD_NAMES.map((field) => [field, getEmptyValue(field)]))
/** Fields that the oracle omits are empty. */
const expectedFields = (record: JsonObject): Readonly<Record<string, unknown>> => ({ ...NOTHING, ...oracle(record) })

const toFields = (image: Image): Readonly<Record<string, unknown>> =>
  Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))

describe('records in the API’s shape, against an oracle', () => {
  it.each(dumps.filter((file) => file.startsWith('api-') || file.includes('describe')))('%s', (file) => {
    expect(read(file).map(toFields)).toEqual(recordsIn(file).map(expectedFields))
  })
})
