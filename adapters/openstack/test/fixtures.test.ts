import { describe, expect, it } from '@jest/globals'
import { readDump, findRecords } from '@imago/core'
import {
  getEmptyValue,
  FIELD_NAMES,
  getFieldValue,
  type FieldName,
  type Image,
  type JsonObject,
} from '@imago/core/provider'
import { openstackReader } from '../src/offline.ts'
import { bareImage } from '@imago/testkit'
import { EXPECTED } from './expected-images.ts'
import { readDocument, dumps, recordings, recordsIn } from './fixtures.ts'

const read = (document: unknown): readonly Image[] => {
  const { items, rejected, drift } = readDump(document, { readers: [openstackReader] })
  expect({ rejected, drift }).toEqual({ rejected: [], drift: [] })
  return items
}

/** Missing values are empty. */
const whole = ({ ref: { id, ...place }, ...values }: (typeof EXPECTED)[number], raw: unknown): Image => ({
  ...bareImage(id, values, place),
  raw,
})

describe('images with handwritten expectations', () => {
  const files = ['api-images.json', 'api-images-hidden.json']
  const images = new Map(files.flatMap((file) => read(readDocument(file))).map((image) => [image.ref.id, image]))
  const raws = new Map(files.flatMap(recordsIn).map((record) => [record['id'], record]))
  it.each(EXPECTED.map((expected) => ({ id: expected.ref.id, name: expected.name, expected })))(
    '$name',
    ({ id, expected }) => {
      expect(images.get(id)).toStrictEqual(whole(expected, raws.get(id)))
      expect(Object.entries(images.get(id)?.properties ?? {})).toEqual(Object.entries(expected.properties ?? {}))
    },
  )
})

const BASE: ReadonlySet<string> = new Set([
  'id',
  'name',
  'status',
  'visibility',
  'protected',
  'os_hidden',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'owner',
  'size',
  'virtual_size',
  'container_format',
  'disk_format',
  'min_disk',
  'min_ram',
  'created_at',
  'updated_at',
  'tags',
  'self',
  'file',
  'schema',
  'direct_url',
  'locations',
  'stores',
])

/** Simple second implementation of the mapping, limited to the values and fields in the fixtures. */
const oracle = (record: JsonObject): Readonly<Partial<Record<FieldName, unknown>>> => {
  const value = (key: string): unknown => (Object.hasOwn(record, key) ? record[key] : null)
  const property = (key: string): string | null => (value(key) === '' ? null : (value(key) as string | null))
  const statuses: Readonly<Record<string, string>> = {
    active: 'available',
    queued: 'pending',
    saving: 'pending',
    uploading: 'pending',
    importing: 'pending',
    deactivated: 'unavailable',
  }
  const server = property('instance_uuid')
  const base = property('base_image_ref')
  const until = property('provided_until')
  const hash = value('os_hash_value') as string | null
  const checksum = value('checksum') as string | null
  return {
    'ref.id': value('id'),
    name: value('name'),
    description: value('description'),
    kind:
      property('image_type') ??
      (property('block_device_mapping')?.includes('snapshot_id') === true ? 'snapshot' : 'image'),
    status: statuses[String(value('status'))],
    providerStatus: value('status'),
    visibility: value('visibility'),
    hidden: value('os_hidden'),
    owner: value('owner'),
    protected: value('protected'),
    rapidDeploy: null,
    architecture: property('architecture'),
    'os.family': property('os_distro') === null ? null : 'linux',
    'os.distro': property('os_distro'),
    'os.version': property('os_version'),
    'os.defaultUser': property('os_admin_user'),
    'boot.firmware': property('hw_firmware_type'),
    'boot.secureBoot': property('os_secure_boot'),
    'format.disk': value('disk_format'),
    'format.container': value('container_format'),
    'size.stored': value('size'),
    'size.virtual': value('virtual_size'),
    'size.minDisk': Number(value('min_disk')) * 1024 * 1024 * 1024,
    'size.minRam': Number(value('min_ram')) * 1024 * 1024,
    digests: [
      ...(hash === null ? [] : [{ algorithm: 'sha512', value: hash, of: 'stored', assertedBy: 'provider' }]),
      ...(checksum === null ? [] : [{ algorithm: 'md5', value: checksum, of: 'stored', assertedBy: 'provider' }]),
    ],
    createdAt: value('created_at'),
    updatedAt: value('updated_at'),
    deletedAt: null,
    deprecatedAt: null,
    unavailableAfter: until === null ? null : `${until}T00:00:00Z`,
    origins: [
      ...(server === null ? [] : [{ relation: 'created-from', kind: 'server', id: server, name: null, url: null }]),
      ...(base === null ? [] : [{ relation: 'based-on', kind: 'image', id: base, name: null, url: null }]),
    ],
    stores: property('stores')?.split(',') ?? [],
    labels: {},
    tags: [...(value('tags') as readonly string[])].sort(),
    properties: Object.fromEntries(Object.entries(record).filter(([key]) => !BASE.has(key))),
  }
}

const NOTHING = Object.fromEntries(FIELD_NAMES.map((field) => [field, getEmptyValue(field)]))
/** Values that the second implementation omits are empty. */
const expectedFields = (record: JsonObject): Readonly<Record<string, unknown>> => ({ ...NOTHING, ...oracle(record) })

const readFields = (image: Image): Readonly<Record<string, unknown>> =>
  Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))

describe('API records, compared with a second implementation', () => {
  it.each(dumps.filter((file) => file.startsWith('api-') || file.startsWith('glanceclient')))('match in %s', (file) => {
    expect(read(readDocument(file)).map(readFields)).toEqual(recordsIn(file).map(expectedFields))
  })
})

describe('recorded responses with images are read without rejects or drift, with the expected value in every field', () => {
  it('includes 82 responses with 113 records', () => {
    expect(recordings.length).toBe(82)
    expect(recordings.flatMap(({ body }) => findRecords(body)).length).toBe(113)
  })

  it.each(recordings)('$name', ({ body }) => {
    const records = findRecords(body).map(({ record }) => record as JsonObject)
    const images = read(body)
    expect(images.map(readFields)).toEqual(records.map(expectedFields))
    expect(images.map(({ raw }) => raw)).toEqual(records)
  })
})
