import { describe, expect, it } from '@jest/globals'
import { getFieldValue } from '@imago/core/provider'
import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { hetznerReader } from '../../src/offline.ts'
import { PLACE, read, readField } from './reading.ts'

describe('a record', () => {
  it('with only an ID is an image without other values', () => {
    const { image, drift } = read({})
    expect(drift).toEqual([])
    expect(image).toEqual(bareImage('1', { raw: { id: 1 } }, { provider: 'hetzner' }))
  })

  it('keeps an empty description, and reads null labels as empty', () => {
    const { image, drift } = read({ description: '', labels: null })
    expect(image.description).toBe('')
    expect(image.labels).toEqual({})
    expect(drift).toEqual([])
  })

  it('has a protection that is true, false or unknown', () => {
    expect(
      [{ delete: true }, { delete: false }, { rebuild: true }, {}, null].map((protection) =>
        readField({ protection }, 'protected'),
      ),
    ).toEqual([
      [true, 'declared'],
      [false, 'declared'],
      [null, 'unknown'],
      [null, 'unknown'],
      [null, 'declared'],
    ])
  })

  it('has disk_size as the virtual size and the minimum disk', () => {
    expect(read({ disk_size: 20 }).image.size).toEqual({
      stored: null,
      virtual: 20_480_000_000,
      minDisk: 20_480_000_000,
      minRam: null,
    })
  })

  it('with a field of a wrong type loses only that field, and keeps it in raw', () => {
    const { image, drift } = read({ image_size: '1.5', created: 'yesterday', labels: { a: 1 }, os_flavor: 'debian' })
    expect(drift).toEqual(['wrong-type /image_size', 'wrong-type /created', 'wrong-type /labels/a'])
    expect(getFieldValue(image, 'size.stored')).toBeNull()
    expect(getFieldValue(image, 'createdAt')).toBeNull()
    expect(getFieldValue(image, 'labels')).toEqual({})
    expect(getFieldValue(image, 'os.distro')).toBe('debian')
    expect(image.raw).toEqual({
      id: 1,
      image_size: '1.5',
      created: 'yesterday',
      labels: { a: 1 },
      os_flavor: 'debian',
    })
  })

  it('with unknown words and keys is read, and reports them as drift', () => {
    const { image, drift } = read({
      type: 'golden',
      status: 'archived',
      os_flavor: 'talos',
      architecture: 'riscv',
      checksum: 'ab',
    })
    expect(drift).toEqual([
      'unknown-word /type',
      'unknown-word /status',
      'unknown-word /os_flavor',
      'unknown-word /architecture',
      'unknown-key /checksum',
    ])
    expect(image).toMatchObject({
      kind: 'unknown',
      status: 'unknown',
      providerStatus: 'archived',
      visibility: 'unknown',
      os: { distro: 'talos' },
      architecture: 'riscv',
    })
  })

  it('keeps labels with any name', () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c","example.com/x":""}') as Readonly<
      Record<string, string>
    >
    expect(Object.entries(read({ labels }).image.labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['example.com/x', ''],
    ])
  })

  it('with an ID that is not an exact number is rejected', () => {
    for (const id of [2 ** 53, -1, 1.5, '1', null]) expect(E.isLeft(hetznerReader.read({ id }, PLACE))).toBe(true)
  })
})
