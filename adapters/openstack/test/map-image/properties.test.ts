import { describe, expect, it } from '@jest/globals'
import type { Dialect } from '@imago/core/provider'
import { toProperties } from '../../src/map-image/properties.ts'
import { word } from '../../src/map-image/text.ts'
import { openstackReader } from '../../src/offline.ts'
import { read } from './reading.ts'

describe('mapping of Glance images: properties', () => {
  describe('toProperties', () => {
    it('returns all keys that are not base keys, in the record’s order', () => {
      const record = JSON.parse(
        '{"b":"1","id":"a","__proto__":"p","constructor":"c","properties":"x","toString":"t","os_glance_failed_import":"","name":"n","os_distro":"debian","kernel_id":null,"a/b~c":""}',
      ) as { readonly id: string }
      expect(Object.entries(toProperties(record) ?? {})).toEqual([
        ['b', '1'],
        ['__proto__', 'p'],
        ['constructor', 'c'],
        ['properties', 'x'],
        ['toString', 't'],
        ['os_glance_failed_import', ''],
        ['os_distro', 'debian'],
        ['kernel_id', null],
        ['a/b~c', ''],
      ])
      expect(Object.getPrototypeOf(toProperties(record))).toBe(Object.prototype)
    })

    it('keeps records separate', () => {
      const first = toProperties({ id: 'a', x: '1' } as { readonly id: string })
      const second = toProperties({ id: 'b', x: '2' } as { readonly id: string })
      expect(first).toEqual({ x: '1' })
      expect(second).toEqual({ x: '2' })
      expect(toProperties({ id: 'c', schema: '/v2/schemas/image' })).toEqual({})
      expect(toProperties({ id: 'd' })).toBeUndefined()
    })

    it('takes linear time: 20,000 keys per record cost about as much per key as 2,000', () => {
      const measure = (count: number, prefix: string): number => {
        const record = Object.fromEntries([
          ['id', 'a'],
          ...Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'v']),
        ]) as { readonly id: string }
        const start = performance.now()
        expect(Object.keys(toProperties(record) ?? {})).toHaveLength(count)
        return performance.now() - start
      }
      measure(2_000, 'warm')
      // Ten times the keys take about ten times as long; copying all previous keys for each key would take minutes.
      expect(measure(20_000, 'many')).toBeLessThan(100 * Math.max(measure(2_000, 'few'), 5))
    })

    it('leaves values that are not text in raw and reports drift', () => {
      const { image, drift } = read({ os_distro: 'debian', hw_cpu_cores: 4, trait: { a: 1 }, list: [] })
      expect(drift).toEqual(['wrong-type /hw_cpu_cores', 'wrong-type /trait', 'wrong-type /list'])
      expect(image.properties).toEqual({ os_distro: 'debian' })
      expect(image.raw).toEqual({ id: 'a', os_distro: 'debian', hw_cpu_cores: 4, trait: { a: 1 }, list: [] })
    })

    it('reports no drift for unknown text properties', () => {
      expect(read({ os_glance_new_thing: 'x', anything: '', nothing: null })).toMatchObject({
        drift: [],
        image: { properties: { os_glance_new_thing: 'x', anything: '', nothing: null } },
      })
    })
  })

  describe('properties printed by clients', () => {
    const findDialect = (name: string): Dialect =>
      openstackReader.dialects.find((dialect) => dialect.name === name) as Dialect

    it('are converted from numbers to text, except 0; booleans are dropped, and both stay in raw', () => {
      const record = {
        id: 'a',
        properties: {
          hw_cpu_cores: 2,
          hw_cpu_sockets: 0,
          hw_boot_menu: true,
          os_hidden: false,
          note: 'x',
          none: null,
          metadata: {},
        },
      }
      const { image, drift } = read(record, findDialect('openstack-show'))
      expect(drift).toEqual([])
      expect(image.properties).toEqual({ hw_cpu_cores: '2', note: 'x' })
      expect(image.hidden).toBe(false)
      expect(image.raw).toEqual(record)
    })

    it('do not change tags: one text becomes a list again', () => {
      expect(read({ ID: 'a', Tags: 'web, db,, a' }, findDialect('openstack-list')).image.tags).toEqual([
        'a',
        'db',
        'web',
      ])
      expect(read({ ID: 'a', Tags: '' }, findDialect('openstack-list')).image.tags).toEqual([])
    })

    it('include `location` only if a property has that name', () => {
      expect(read({ status: 'active', location: 'demo' }, findDialect('openstacksdk')).image.properties).toEqual({})
      expect(
        read({ status: 'active', location: {}, properties: { location: 'rack 5' } }, findDialect('openstacksdk')).image
          .properties,
      ).toEqual({ location: 'rack 5' })
    })

    it('report errors under the client’s field name', () => {
      expect(
        read({ is_hidden: 'no', owner_id: 5, properties: { 'a/b': [] } }, findDialect('openstacksdk')).drift,
      ).toEqual(['wrong-type /properties/a~1b', 'wrong-type /is_hidden', 'wrong-type /owner_id'])
      expect(read({ ID: 'a', 'Disk Format': 5 }, findDialect('openstack-list')).drift).toEqual([
        'wrong-type /Disk Format',
      ])
    })

    it('are null if the text is empty', () => {
      expect(word('')).toBeNull()
      expect(word('x')).toBe('x')
      expect(word(null)).toBeNull()
      expect(word(undefined)).toBeUndefined()
    })
  })
})
