import { describe, expect, test } from '@jest/globals'
import type { Dialect } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { openstackReader } from '../src/offline.ts'
import { recordsIn } from './fixtures.ts'

/** What openstacksdk documents of its `image.v2.Image`: openstack/image/v2/image.py; without `store`, see below. */
const IMAGE = [
  'checksum',
  'container_format',
  'created_at',
  'disk_format',
  'min_disk',
  'name',
  'owner_id',
  'properties',
  'protected',
  'size',
  'status',
  'tags',
  'updated_at',
  'virtual_size',
  'visibility',
]

/** What newer versions of it have beside those. */
const NEWER = [
  'is_hidden',
  'is_protected',
  'hash_algo',
  'hash_value',
  'min_ram',
  'owner',
  'id',
  'architecture',
  'instance_uuid',
  'os_distro',
  'os_version',
  'os_type',
  'os_admin_user',
  'needs_secure_boot',
]

const sdk = openstackReader.dialects.find(({ name }) => name === 'openstacksdk') as Dialect
const { rename, lift } = sdk.translation ?? {}

/** `properties` holds what on the wire stands beside the base fields: any other key. */
const wireNameOf = (property: string): string =>
  lift?.has(property) === true ? '*' : (rename?.get(property) ?? property)

const readBy = (property: string): readonly string[] =>
  openstackReader.fields
    .filter(({ steps }) => steps.some(({ reads }) => reads.includes(wireNameOf(property))))
    .map(({ field }) => field)

describe('openstacksdk’s image.v2.Image', () => {
  test.each([...IMAGE, ...NEWER])('%s is in the field reference', (property) =>
    expect(readBy(property)).not.toEqual([]),
  )

  test('each is where one looks for it', () => {
    expect(Object.fromEntries(IMAGE.map((property) => [property, readBy(property)]))).toEqual({
      checksum: ['digests'],
      container_format: ['format.container'],
      created_at: ['createdAt'],
      disk_format: ['format.disk'],
      min_disk: ['size.minDisk'],
      name: ['name'],
      owner_id: ['owner'],
      properties: ['properties'],
      protected: ['protected'],
      size: ['size.stored'],
      status: ['status', 'providerStatus'],
      tags: ['tags'],
      updated_at: ['updatedAt'],
      virtual_size: ['size.virtual'],
      visibility: ['visibility'],
    })
  })

  // The SDK sends `store` with an upload (the X-Image-Meta-Store header) and never gets it back: where data lie is `stores`.
  test('store: a null for want of an answer, or else a property of that name', () => {
    const records = recordsIn('openstacksdk-0.101.0-images.json')
    expect(records.every((record) => 'store' in record)).toBe(true)
    const stores = records.map((record) => {
      const read = openstackReader.read(record, { cloud: null, region: null, pointer: '' }, sdk)
      return [record['store'], E.isRight(read) ? read.right.image.properties['store'] : 'rejected']
    })
    expect(new Set(stores.map((pair) => JSON.stringify(pair)))).toEqual(new Set(['[null,null]', '["s","s"]']))
    expect(readBy('stores')).toEqual(['stores'])
  })
})
