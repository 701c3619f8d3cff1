import { describe, expect, it } from '@jest/globals'
import { getFieldValue } from '@imago/core/provider'
import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { openstackReader } from '../../src/offline.ts'
import { PLACE, read, readField } from './reading.ts'

describe('mapping of Glance images', () => {
  it.each([
    ['2028-06-30', '2028-06-30T00:00:00Z', 'declared'],
    ['2028-06-30T12:00:00+02:00', '2028-06-30T10:00:00Z', 'declared'],
    // SCS-0102's values for "unknown" and "until it is announced".
    ['none', null, 'unknown'],
    ['notice', null, 'unknown'],
    ['2028-02-30', null, 'unknown'],
    [null, null, 'declared'],
  ])('for provided_until %p, returns %p, %s', (until, value, evidence) =>
    expect(readField({ provided_until: until }, 'unavailableAfter')).toEqual([value, evidence]),
  )

  describe('record', () => {
    it('with only an ID yields an image without other values', () => {
      const { image, drift } = read({})
      expect(drift).toEqual([])
      expect(image).toEqual(bareImage('a', { raw: { id: 'a' } }, { provider: 'openstack' }))
    })

    it.each([
      [{ description: 'd', image_description: 'i' }, ['d', 'declared']],
      [{ image_description: 'i' }, ['i', 'declared']],
      [{ description: '', image_description: 'i' }, ['', 'declared']],
      [{ description: null, image_description: 'i' }, ['i', 'declared']],
      [{}, [null, 'unknown']],
    ])('for %j, yields description %j', (record, expected) =>
      expect(readField(record, 'description')).toEqual(expected),
    )

    it('with a field of a wrong type loses only that field and keeps it in raw', () => {
      const { image, drift } = read({
        size: 2 ** 53,
        min_ram: -1,
        created_at: 'today',
        tags: ['a', 1],
        os_hidden: 'no',
        name: 'n',
      })
      expect(drift).toEqual([
        'wrong-type /size',
        'wrong-type /min_ram',
        'wrong-type /created_at',
        'wrong-type /tags/1',
        'wrong-type /os_hidden',
      ])
      expect(
        (['size.stored', 'size.minRam', 'createdAt', 'tags', 'hidden', 'name'] as const).map((field) =>
          getFieldValue(image, field),
        ),
      ).toEqual([null, null, null, [], null, 'n'])
      expect(image.raw).toEqual({
        id: 'a',
        size: 2 ** 53,
        min_ram: -1,
        created_at: 'today',
        tags: ['a', 1],
        os_hidden: 'no',
        name: 'n',
      })
    })

    it('with unknown values is read and reports drift', () => {
      const { image, drift } = read({ status: 'archived', visibility: 'unlisted', disk_format: 'new' })
      // The operator configures the values of disk_format, so none of them is new.
      expect(drift).toEqual(['unknown-word /status', 'unknown-word /visibility'])
      expect(image.status).toBe('unknown')
      expect(image.providerStatus).toBe('archived')
      expect(image.visibility).toBe('unknown')
      expect(image.format.disk).toBe('new')
    })

    it('is rejected if the ID is not text', () => {
      for (const id of [5, null, {}]) expect(E.isLeft(openstackReader.read({ id }, PLACE))).toBe(true)
    })

    it('keeps an empty ID and an empty name', () => {
      expect(read({ id: '', name: '' }).image).toMatchObject({ ref: { id: '' }, name: '' })
    })
  })
})
