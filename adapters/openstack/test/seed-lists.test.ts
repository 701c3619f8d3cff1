import { describe, expect, it } from '@jest/globals'
import type { Dialect } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { openstackReader } from '../src/offline.ts'
import { recordsIn } from './fixtures.ts'

/** Attributes documented for openstacksdk's `image.v2.Image`: openstack/image/v2/image.py; without `store`, see below. */
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

/** Attributes added in later versions. */
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

/** `properties` contains the keys that the API sends next to the base fields. */
const toWireName = (property: string): string =>
  lift?.has(property) === true ? '*' : (rename?.get(property) ?? property)

const readBy = (property: string): readonly string[] =>
  openstackReader.fields
    .filter(({ steps }) => steps.some(({ reads }) => reads.includes(toWireName(property))))
    .map(({ field }) => field)

describe('openstacksdk’s image.v2.Image', () => {
  it.each([...IMAGE, ...NEWER])('are in the field reference: %s', (property) =>
    expect(readBy(property)).not.toEqual([]),
  )

  it('are found under the expected field', () => {
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

  // The SDK sends `store` with an upload (header X-Image-Meta-Store) and never receives it; the API returns `stores`.
  it('store is null, or a property of that name', () => {
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
