import { describe, expect, it } from '@jest/globals'
import { readDump } from '@imago/core'
import { getEmptyValue, FIELD_NAMES, getFieldValue, type FieldName, type Image } from '@imago/core/provider'
import { openstackReader } from '../src/offline.ts'
import { readDocument, dumps } from './fixtures.ts'

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(readDocument(file), { readers: [openstackReader] })
  expect({ rejected, drift }).toEqual({ rejected: [], drift: [] })
  return items
}

type Fields = Readonly<Record<string, unknown>>

const readFields = (image: Image): Fields =>
  Object.fromEntries(FIELD_NAMES.map((field) => [field, getFieldValue(image, field)]))

const byId = (files: readonly string[]): ReadonlyMap<string, Image> =>
  new Map(files.flatMap(read).map((image) => [image.ref.id, image]))

const api = byId(['api-images.json', 'api-images-hidden.json'])
/** The image `typed properties` at an earlier time. */
const earlier = byId(['api-image-unparseable.json'])

const DEBIAN = '6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70'
const TYPED = 'd192f572-8caa-4a41-9c6b-ab6ab3d34545'
const SNAPSHOT = 'b18b42b7-bae2-41e9-8f7a-709ae2ed1101'
const ODD = '967b9eee-6abd-4090-8a98-20687eaa8573'

/** Properties of an image that a client prints differently; `null`: it omits them. */
type Changes = Readonly<Record<string, Readonly<Record<string, string | null>>>>

/** openstacksdk, and the openstack command based on it: every boolean text becomes true, numbers are reformatted, and two names are replaced. */
const SDK: Changes = {
  [DEBIAN]: { os_require_quiesce: null, hw_vif_multiqueue_enabled: null },
  [TYPED]: {
    os_require_quiesce: null,
    hw_vif_multiqueue_enabled: null,
    hw_boot_menu: null,
    hw_video_ram: '16',
    instance_type_rxtx_factor: '1.5',
    hw_cpu_sockets: '2',
  },
  [SNAPSHOT]: { owner_id: null },
  [ODD]: { owner_id: null, is_hidden: null },
}

/** Since 4.x, invalid numbers become 0, also `" 2 "`. */
const SDK_4: Changes = { ...SDK, [TYPED]: { ...SDK[TYPED], hw_cpu_sockets: null } }

const SDK_4_EARLIER: Changes = { [TYPED]: { ...SDK_4[TYPED], hw_cpu_cores: null, metadata: null } }

const DUMPS: Readonly<Record<string, { readonly images: ReadonlyMap<string, Image>; readonly changes: Changes }>> = {
  'glanceclient-4.1.0-images.json': { images: api, changes: {} },
  'openstack-cli-6.0.0-image-show-debian.json': { images: api, changes: SDK },
  'openstack-cli-6.0.0-image-show-hidden.json': { images: api, changes: SDK },
  'openstack-cli-6.0.0-image-show-odd.json': { images: api, changes: SDK },
  'openstack-cli-6.0.0-image-show-queued.json': { images: api, changes: SDK },
  'openstack-cli-6.0.0-image-show-snapshot.json': { images: api, changes: SDK },
  'openstack-cli-6.0.0-image-show-types.json': { images: api, changes: SDK },
  'openstack-cli-7.4.0-image-show-types.json': { images: api, changes: SDK_4 },
  'openstack-cli-7.4.0-image-show-unparseable.json': { images: earlier, changes: SDK_4_EARLIER },
  'openstacksdk-0.101.0-cloud-list-images.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-image-hidden.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-image-original-names.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-image-queued.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-image.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-images-original-names.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-images.json': { images: api, changes: SDK },
  'openstacksdk-0.101.0-images.ndjson': { images: api, changes: SDK },
  'openstacksdk-4.4.0-image-unparseable.json': { images: earlier, changes: SDK_4_EARLIER },
  'openstacksdk-4.4.0-images.json': { images: api, changes: SDK_4 },
}

/** The fields with a column in `openstack image list`. */
const COLUMNS: Readonly<Record<string, readonly FieldName[]>> = {
  'openstack-cli-6.0.0-image-list-long.json': [
    ...([
      'ref.id',
      'name',
      'status',
      'providerStatus',
      'visibility',
      'owner',
      'protected',
      'format.disk',
      'format.container',
      'size.stored',
      'tags',
      'digests',
    ] as const),
  ],
  'openstack-cli-6.0.0-image-list.json': ['ref.id', 'name', 'status', 'providerStatus'],
}

const changed = (image: Image, changes: Changes): Fields => {
  const printed = { ...image.properties, ...changes[image.ref.id] }
  return {
    ...readFields(image),
    properties: Object.fromEntries(
      Object.entries(printed).filter(([key, value]) => value !== null || changes[image.ref.id]?.[key] !== null),
    ),
  }
}

describe('records printed by OpenStack clients', () => {
  it('every client dump is compared', () => {
    expect([...Object.keys(DUMPS), ...Object.keys(COLUMNS)].sort()).toEqual(
      dumps.filter((file) => !/^(api|hand)-/.test(file)),
    )
  })

  describe('client dumps', () => {
    it.each(Object.entries(DUMPS))(
      'match the API record, except for the listed changes: %s',
      (file, { images, changes }) => {
        const printed = read(file)
        expect(printed.length).toBe(file.includes('images') ? 12 : 1)
        expect(printed.map(readFields)).toEqual(printed.map(({ ref }) => changed(images.get(ref.id) as Image, changes)))
      },
    )

    it('differ for each listed change', () => {
      for (const { images, changes } of Object.values(DUMPS)) {
        for (const [id, properties] of Object.entries(changes)) {
          for (const [key, value] of Object.entries(properties))
            expect([key, images.get(id)?.properties[key] ?? 'none']).not.toEqual([key, value ?? 'none'])
        }
      }
    })
  })

  describe('column lists', () => {
    it.each(Object.entries(COLUMNS))('contain exactly the fields of their columns: %s', (file, columns) => {
      const printed = read(file)
      expect(printed).toHaveLength(12)
      for (const image of printed) {
        const whole = api.get(image.ref.id) as Image
        for (const field of FIELD_NAMES) {
          const expected =
            field === 'digests'
              ? whole.digests.filter(({ algorithm }) => algorithm === 'md5')
              : getFieldValue(whole, field)
          expect({ field, value: getFieldValue(image, field) }).toEqual({
            field,
            value: columns.includes(field) ? expected : getEmptyValue(field),
          })
        }
      }
    })
  })
})
