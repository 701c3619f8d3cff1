import { describe, expect, it } from '@jest/globals'
import { getFieldValue, type FieldName, type Image, type JsonObject } from '@imago/core/provider'
import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { architectureByAge, toArchitecture } from '../src/map-image/architecture.ts'
import { deprecatedAt, parseInstant, threeMonthsAfterDeprecation } from '../src/map-image/deprecation.ts'
import { toKind, toVisibility } from '../src/map-image/kind.ts'
import { toDistro, toFamily } from '../src/map-image/operating-system.ts'
import { toOrigins } from '../src/map-image/origins.ts'
import { gigabytesToBytes } from '../src/map-image/size.ts'
import { toStatus } from '../src/map-image/status.ts'
import { hetznerReader } from '../src/offline.ts'

const PLACE = { cloud: null, region: null, pointer: '' }

const read = (record: JsonObject): { readonly image: Image; readonly drift: readonly string[] } => {
  const result = hetznerReader.read({ id: 1, ...record }, PLACE)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left.issues))
  return { image: result.right.image, drift: result.right.drift.map(({ kind, path }) => `${kind} ${path}`) }
}

const readField = (record: JsonObject, field: FieldName): readonly [unknown, string] => {
  const explained = hetznerReader.explain({ id: 1, ...record }, PLACE)
  if (E.isLeft(explained)) throw new Error(JSON.stringify(explained.left.issues))
  const found = explained.right.fields.find((one) => one.field === field)
  return [found?.value, found?.evidence ?? '']
}

const DELETED = '2026-01-01T00:00:00Z'

describe('mapping of Hetzner images', () => {
  it.each([
    ['creating', undefined, 'pending'],
    ['creating', null, 'pending'],
    ['available', null, 'available'],
    ['unavailable', null, 'unavailable'],
    ['available', DELETED, 'deleted'],
    ['creating', DELETED, 'deleted'],
    [null, DELETED, 'deleted'],
    ['a new word', null, 'unknown'],
    ['', null, 'unknown'],
    ['__proto__', null, 'unknown'],
    ['constructor', null, 'unknown'],
    [null, null, undefined],
    [undefined, undefined, undefined],
  ])('toStatus maps %p with deleted %p to %p', (status, deleted, expected) =>
    expect(toStatus(status, deleted)).toBe(expected),
  )

  it.each([
    ['system', 'system', 'public'],
    ['app', 'app', 'public'],
    ['snapshot', 'snapshot', 'private'],
    ['backup', 'backup', 'private'],
    ['temporary', 'unknown', undefined],
    ['a new word', 'unknown', undefined],
    ['constructor', 'unknown', undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('the type %p is mapped to the kind %p and the visibility %p', (type, kind, visibility) => {
    expect(toKind(type)).toBe(kind)
    expect(toVisibility(type)).toBe(visibility)
  })

  it.each([
    ['x86', 'x86_64'],
    ['arm', 'aarch64'],
    ['riscv', 'riscv'],
    ['__proto__', '__proto__'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toArchitecture maps %p to %p', (word, expected) => expect(toArchitecture(word)).toBe(expected))

  describe('architectureByAge', () => {
    it.each([
      ['2019-07-08T05:35:31+00:00', 'x86_64'],
      ['2022-12-31T23:59:59Z', 'x86_64'],
      ['2022-12-31T23:59:59.999999Z', 'x86_64'],
      // In UTC, this is still 2022.
      ['2023-01-01T01:00:00+02:00', 'x86_64'],
      ['2022-12-31T23:00:00-02:00', undefined],
      ['2023-01-01T00:00:00Z', undefined],
      // debian-11 for Arm, created three weeks before Hetzner launched Arm servers.
      ['2023-03-20T10:00:03Z', undefined],
      ['no date', undefined],
      [null, undefined],
      [undefined, undefined],
    ])('returns the architecture of an image created at %p: %p', (created, expected) =>
      expect(architectureByAge(created)).toBe(expected),
    )

    it('is used only for records without an architecture', () => {
      expect(readField({ created: '2019-07-08T05:35:31Z' }, 'architecture')).toEqual(['x86_64', 'inferred'])
      expect(readField({ created: '2019-07-08T05:35:31Z', architecture: 'arm' }, 'architecture')).toEqual([
        'aarch64',
        'declared',
      ])
      expect(readField({ created: '2024-04-25T13:26:27Z' }, 'architecture')).toEqual([null, 'unknown'])
      expect(readField({}, 'architecture')).toEqual([null, 'unknown'])
    })
  })

  it.each([
    ['ubuntu', 'ubuntu', 'linux'],
    ['debian', 'debian', 'linux'],
    ['centos', 'centos', 'linux'],
    ['fedora', 'fedora', 'linux'],
    ['rocky', 'rocky', 'linux'],
    ['alma', 'almalinux', 'linux'],
    ['opensuse', 'opensuse', 'linux'],
    ['unknown', null, undefined],
    ['talos', 'talos', undefined],
    ['constructor', 'constructor', undefined],
    ['', null, undefined],
    [null, null, undefined],
    [undefined, undefined, undefined],
  ])('the os_flavor %p is mapped to the distro %p and the family %p', (flavor, distro, family) => {
    expect(toDistro(flavor)).toBe(distro)
    expect(toFamily(flavor)).toBe(family)
  })

  it.each([
    [0.64352086328125, 658_965_364],
    [12.9178466796875, 13_227_875_000],
    [0.1, 102_400_000],
    [2.3, 2_355_200_000],
    [5, 5_120_000_000],
    [20.5, 20_992_000_000],
    [0, 0],
    [8_000_000, 8_192_000_000_000_000],
    // More bytes than an exact number.
    [9_000_000, undefined],
    [1e308, undefined],
    [null, null],
    [undefined, undefined],
  ])('gigabytesToBytes converts %p GB to %p bytes', (gigabytes, expected) =>
    expect(gigabytesToBytes(gigabytes)).toBe(expected),
  )

  describe('deprecation', () => {
    const AT = '2026-08-31T00:00:00+00:00'
    const object = { announced: '2026-09-08T00:00:00Z', unavailable_after: '2026-12-08T12:00:00Z' }

    it.each([
      [
        'both',
        { deprecated: AT, deprecation: object },
        ['2026-09-08T00:00:00Z', 'declared'],
        ['2026-12-08T12:00:00Z', 'declared'],
      ],
      [
        'the object only',
        { deprecation: object },
        ['2026-09-08T00:00:00Z', 'declared'],
        ['2026-12-08T12:00:00Z', 'declared'],
      ],
      ['the date only', { deprecated: AT }, ['2026-08-31T00:00:00Z', 'declared'], ['2026-12-01T00:00:00Z', 'assumed']],
      [
        'the date, and a null object',
        { deprecated: AT, deprecation: null },
        ['2026-08-31T00:00:00Z', 'declared'],
        ['2026-12-01T00:00:00Z', 'assumed'],
      ],
      [
        'the object, and a null date',
        { deprecated: null, deprecation: object },
        ['2026-09-08T00:00:00Z', 'declared'],
        ['2026-12-08T12:00:00Z', 'declared'],
      ],
      [
        'an object without an end',
        { deprecated: AT, deprecation: { announced: '2026-09-08T00:00:00Z' } },
        ['2026-09-08T00:00:00Z', 'declared'],
        ['2026-12-01T00:00:00Z', 'assumed'],
      ],
      ['both null: not deprecated', { deprecated: null, deprecation: null }, [null, 'declared'], [null, 'declared']],
      ['a null date', { deprecated: null }, [null, 'declared'], [null, 'unknown']],
      ['a null object', { deprecation: null }, [null, 'declared'], [null, 'declared']],
      ['neither', {}, [null, 'unknown'], [null, 'unknown']],
      ['an empty object', { deprecation: {} }, [null, 'unknown'], [null, 'unknown']],
    ])('is read from a record with %s', (_, record, announced, ends) => {
      expect(readField(record, 'deprecatedAt')).toEqual(announced)
      expect(readField(record, 'unavailableAfter')).toEqual(ends)
    })

    it.each([
      ['2024-07-01T23:55:00+00:00', '2024-10-01T23:55:00Z'],
      // Go: time.Date(2024, 11, 30, …).AddDate(0, 3, 0) is 30 February 2025, which is 2 March; 1 March in a leap year.
      ['2024-11-30T00:00:00Z', '2025-03-02T00:00:00Z'],
      ['2023-11-30T00:00:00Z', '2024-03-01T00:00:00Z'],
      ['2023-11-29T00:00:00Z', '2024-02-29T00:00:00Z'],
      ['2024-11-29T00:00:00Z', '2025-03-01T00:00:00Z'],
      ['2025-08-31T23:59:59Z', '2025-12-01T23:59:59Z'],
      ['2025-12-31T00:00:00Z', '2026-03-31T00:00:00Z'],
      // The months are counted in UTC, where this is 1 December.
      ['2024-11-30T23:00:00-02:00', '2025-03-01T01:00:00Z'],
      ['9999-12-01T00:00:00Z', undefined],
      ['soon', undefined],
      [null, undefined],
      [undefined, undefined],
    ])('ends three months after %p, at %p', (deprecated, expected) =>
      expect(threeMonthsAfterDeprecation(deprecated)).toBe(expected),
    )

    it('is the announced date, and dates are read in UTC', () => {
      expect(deprecatedAt({ deprecation: object, deprecated: AT })).toBe('2026-09-08T00:00:00Z')
      expect(parseInstant('2016-01-30T23:50+00:00')).toBe('2016-01-30T23:50:00Z')
      expect(parseInstant(null)).toBeNull()
      expect(parseInstant(undefined)).toBeUndefined()
      expect(parseInstant('x')).toBeUndefined()
    })
  })

  describe('toOrigins', () => {
    const from = { relation: 'created-from', kind: 'server', id: '7', name: 'web', url: null }
    const bound = { relation: 'bound-to', kind: 'server', id: '7', name: null, url: null }

    it.each([
      ['both', { created_from: { id: 7, name: 'web' }, bound_to: 7 }, [from, bound]],
      ['a server', { created_from: { id: 7, name: 'web' }, bound_to: null }, [from]],
      ['a server without a name', { created_from: { id: 7, name: null } }, [{ ...from, name: null }]],
      ['a name only', { created_from: { name: 'web' } }, [{ ...from, id: null }]],
      ['a server without ID and name', { created_from: {} }, undefined],
      ['no server', { created_from: null, bound_to: null }, null],
      ['nothing', {}, undefined],
    ])('returns the origins of a record with %s', (_, wire, expected) => expect(toOrigins(wire)).toEqual(expected))
  })

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

  describe('a snapshot of a transfer', () => {
    const helper = {
      type: 'snapshot',
      status: 'available',
      os_flavor: 'fedora',
      os_version: '43',
      image_size: 0.0117,
      disk_size: 40,
      created_from: { id: 7, name: 'imago-5f-0a1b2c3d' },
    }
    const made = {
      ...helper,
      labels: {
        'imago-run': '5f',
        'imago-bytes': '10485760',
        'imago.property/os_type': 'linux',
        'imago.property/os_distro': 'debian',
        'imago.property/os_version': '12',
        'imago.field/min-ram': '536870912',
      },
    }

    it.each([
      ['os.family', 'linux'],
      ['os.distro', 'debian'],
      ['os.version', '12'],
      ['size.virtual', 10_485_760],
      ['size.minRam', 536_870_912],
    ] as const)('has %s from the labels', (field, value) => expect(readField(made, field)).toEqual([value, 'declared']))

    it('has the minimum disk of Hetzner’s record', () =>
      expect(readField(made, 'size.minDisk')).toEqual([40_960_000_000, 'inferred']))

    it.each(['os.family', 'os.distro', 'os.version'] as const)(
      'has an unknown %s without the label, because Hetzner’s value is that of the temporary server',
      (field) => {
        expect(readField({ ...helper, labels: { 'imago-run': '5f', 'imago-bytes': '10485760' } }, field)).toEqual([
          null,
          'unknown',
        ])
      },
    )

    it('has a normalized distribution, and decoded values that are invalid labels', () => {
      const labels = {
        'imago-run': '5f',
        'imago.property/os_distro': 'org.debian',
        'imago.property/os_version': `b64.${Buffer.from('12 (bookwörm)').toString('base64url')}.e`,
      }
      expect(readField({ ...helper, labels }, 'os.distro')).toEqual(['debian', 'declared'])
      expect(readField({ ...helper, labels }, 'os.version')).toEqual(['12 (bookwörm)', 'declared'])
    })

    it.each(['0', '-1', '1e3', '', '99999999999999999999', '١'])('ignores the number of bytes %p', (count) =>
      expect(readField({ ...helper, labels: { 'imago-bytes': count } }, 'size.virtual')).toEqual([
        40_960_000_000,
        'inferred',
      ]),
    )

    it('has Hetzner’s values without labels of a transfer', () =>
      expect(readField({ ...helper, labels: { role: 'web' } }, 'os.distro')).toEqual(['fedora', 'declared']))
  })
})
