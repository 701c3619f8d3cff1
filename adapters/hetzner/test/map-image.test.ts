import { describe, expect, test } from '@jest/globals'
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

const told = (record: JsonObject, field: FieldName): readonly [unknown, string] => {
  const explained = hetznerReader.explain({ id: 1, ...record }, PLACE)
  if (E.isLeft(explained)) throw new Error(JSON.stringify(explained.left.issues))
  const found = explained.right.fields.find((one) => one.field === field)
  return [found?.value, found?.evidence ?? '']
}

const DELETED = '2026-01-01T00:00:00Z'

test.each([
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
])('status %p, deleted %p: %p', (status, deleted, expected) => expect(toStatus(status, deleted)).toBe(expected))

test.each([
  ['system', 'system', 'public'],
  ['app', 'app', 'public'],
  ['snapshot', 'snapshot', 'private'],
  ['backup', 'backup', 'private'],
  ['temporary', 'unknown', undefined],
  ['a new word', 'unknown', undefined],
  ['constructor', 'unknown', undefined],
  [null, undefined, undefined],
  [undefined, undefined, undefined],
])('type %p: kind %p, visibility %p', (type, kind, visibility) => {
  expect(toKind(type)).toBe(kind)
  expect(toVisibility(type)).toBe(visibility)
})

test.each([
  ['x86', 'x86_64'],
  ['arm', 'aarch64'],
  ['riscv', 'riscv'],
  ['__proto__', '__proto__'],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('architecture %p: %p', (word, expected) => expect(toArchitecture(word)).toBe(expected))

describe('architecture by age', () => {
  test.each([
    ['2019-07-08T05:35:31+00:00', 'x86_64'],
    ['2022-12-31T23:59:59Z', 'x86_64'],
    ['2022-12-31T23:59:59.999999Z', 'x86_64'],
    // An instant, whatever its zone: this one is of 2022.
    ['2023-01-01T01:00:00+02:00', 'x86_64'],
    ['2022-12-31T23:00:00-02:00', undefined],
    ['2023-01-01T00:00:00Z', undefined],
    // debian-11 for Arm, made three weeks before Hetzner opened its Arm servers.
    ['2023-03-20T10:00:03Z', undefined],
    ['no date', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('created %p: %p', (created, expected) => expect(architectureByAge(created)).toBe(expected))

  test('is asked only where the record does not say', () => {
    expect(told({ created: '2019-07-08T05:35:31Z' }, 'architecture')).toEqual(['x86_64', 'inferred'])
    expect(told({ created: '2019-07-08T05:35:31Z', architecture: 'arm' }, 'architecture')).toEqual([
      'aarch64',
      'declared',
    ])
    expect(told({ created: '2024-04-25T13:26:27Z' }, 'architecture')).toEqual([null, 'unknown'])
    expect(told({}, 'architecture')).toEqual([null, 'unknown'])
  })
})

test.each([
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
])('os_flavor %p: distro %p, family %p', (flavor, distro, family) => {
  expect(toDistro(flavor)).toBe(distro)
  expect(toFamily(flavor)).toBe(family)
})

test.each([
  [0.64352086328125, 658_965_364],
  [12.9178466796875, 13_227_875_000],
  [0.1, 102_400_000],
  [2.3, 2_355_200_000],
  [5, 5_120_000_000],
  [20.5, 20_992_000_000],
  [0, 0],
  [8_000_000, 8_192_000_000_000_000],
  // More bytes than a number can count.
  [9_000_000, undefined],
  [1e308, undefined],
  [null, null],
  [undefined, undefined],
])('%p GB: %p bytes', (gigabytes, expected) => expect(gigabytesToBytes(gigabytes)).toBe(expected))

describe('deprecation', () => {
  const AT = '2026-08-31T00:00:00+00:00'
  const object = { announced: '2026-09-08T00:00:00Z', unavailable_after: '2026-12-08T12:00:00Z' }

  test.each([
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
  ])('%s', (_, record, announced, ends) => {
    expect(told(record, 'deprecatedAt')).toEqual(announced)
    expect(told(record, 'unavailableAfter')).toEqual(ends)
  })

  test.each([
    ['2024-07-01T23:55:00+00:00', '2024-10-01T23:55:00Z'],
    // Go: time.Date(2024, 11, 30, …).AddDate(0, 3, 0) is 30 February 2025, that is 2 March; before a leap day 1 March.
    ['2024-11-30T00:00:00Z', '2025-03-02T00:00:00Z'],
    ['2023-11-30T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['2023-11-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-11-29T00:00:00Z', '2025-03-01T00:00:00Z'],
    ['2025-08-31T23:59:59Z', '2025-12-01T23:59:59Z'],
    ['2025-12-31T00:00:00Z', '2026-03-31T00:00:00Z'],
    // The months are counted in UTC: here it is 1 December already.
    ['2024-11-30T23:00:00-02:00', '2025-03-01T01:00:00Z'],
    ['9999-12-01T00:00:00Z', undefined],
    ['soon', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('three months after %p is %p', (deprecated, expected) =>
    expect(threeMonthsAfterDeprecation(deprecated)).toBe(expected),
  )

  test('is read as it is announced', () => {
    expect(deprecatedAt({ deprecation: object, deprecated: AT })).toBe('2026-09-08T00:00:00Z')
    expect(parseInstant('2016-01-30T23:50+00:00')).toBe('2016-01-30T23:50:00Z')
    expect([parseInstant(null), parseInstant(undefined), parseInstant('x')]).toEqual([null, undefined, undefined])
  })
})

describe('origins', () => {
  const from = { relation: 'created-from', kind: 'server', id: '7', name: 'web', url: null }
  const bound = { relation: 'bound-to', kind: 'server', id: '7', name: null, url: null }

  test.each([
    ['both', { created_from: { id: 7, name: 'web' }, bound_to: 7 }, [from, bound]],
    ['a server', { created_from: { id: 7, name: 'web' }, bound_to: null }, [from]],
    ['a server without a name', { created_from: { id: 7, name: null } }, [{ ...from, name: null }]],
    ['a name only', { created_from: { name: 'web' } }, [{ ...from, id: null }]],
    ['a server with no marks', { created_from: {} }, undefined],
    ['no server', { created_from: null, bound_to: null }, null],
    ['nothing', {}, undefined],
  ])('%s', (_, wire, expected) => expect(toOrigins(wire)).toEqual(expected))
})

describe('a record', () => {
  test('of an id alone is an image that says nothing else', () => {
    const { image, drift } = read({})
    expect(drift).toEqual([])
    expect(image).toEqual(bareImage('1', { raw: { id: 1 } }, { provider: 'hetzner' }))
  })

  test('keeps an empty description, which was said, and takes null labels for none', () => {
    const { image, drift } = read({ description: '', labels: null })
    expect([image.description, image.labels, drift]).toEqual(['', {}, []])
  })

  test('is protected, not protected, or does not say', () => {
    expect(
      [{ delete: true }, { delete: false }, { rebuild: true }, {}, null].map((protection) =>
        told({ protection }, 'protected'),
      ),
    ).toEqual([
      [true, 'declared'],
      [false, 'declared'],
      [null, 'unknown'],
      [null, 'unknown'],
      [null, 'declared'],
    ])
  })

  test('reads disk_size as both the disk inside and the least disk of a server', () => {
    expect(read({ disk_size: 20 }).image.size).toEqual({
      stored: null,
      virtual: 20_480_000_000,
      minDisk: 20_480_000_000,
      minRam: null,
    })
  })

  test('with a field of a wrong type loses that field only, and keeps it in raw', () => {
    const { image, drift } = read({ image_size: '1.5', created: 'yesterday', labels: { a: 1 }, os_flavor: 'debian' })
    expect(drift).toEqual(['wrong-type /image_size', 'wrong-type /created', 'wrong-type /labels/a'])
    expect(
      (['size.stored', 'createdAt', 'labels', 'os.distro'] as const).map((field) => getFieldValue(image, field)),
    ).toEqual([null, null, {}, 'debian'])
    expect(image.raw).toEqual({ id: 1, image_size: '1.5', created: 'yesterday', labels: { a: 1 }, os_flavor: 'debian' })
  })

  test('with new words and keys is read, and tells of them', () => {
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
    expect([
      image.kind,
      image.status,
      image.providerStatus,
      image.visibility,
      image.os.distro,
      image.architecture,
    ]).toEqual(['unknown', 'unknown', 'archived', 'unknown', 'talos', 'riscv'])
  })

  test('keeps labels of any name', () => {
    const labels = JSON.parse('{"__proto__":"p","constructor":"c","example.com/x":""}') as Readonly<
      Record<string, string>
    >
    expect(Object.entries(read({ labels }).image.labels)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['example.com/x', ''],
    ])
  })

  test('with an id that is no exact number is rejected', () => {
    for (const id of [2 ** 53, -1, 1.5, '1', null]) expect(E.isLeft(hetznerReader.read({ id }, PLACE))).toBe(true)
  })
})

describe('a snapshot that a transfer made', () => {
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

  test.each([
    ['os.family', 'linux'],
    ['os.distro', 'debian'],
    ['os.version', '12'],
    ['size.virtual', 10_485_760],
    ['size.minRam', 536_870_912],
  ] as const)('its %s is what the transfer knew', (field, value) =>
    expect(told(made, field)).toEqual([value, 'declared']),
  )

  test('a server of it needs the disk that Hetzner says', () =>
    expect(told(made, 'size.minDisk')).toEqual([40_960_000_000, 'inferred']))

  test.each(['os.family', 'os.distro', 'os.version'] as const)(
    'its %s is unknown where the transfer did not know it: Hetzner’s word is of the helping server',
    (field) => {
      expect(told({ ...helper, labels: { 'imago-run': '5f', 'imago-bytes': '10485760' } }, field)).toEqual([
        null,
        'unknown',
      ])
    },
  )

  test('a distribution is normalized, and a value that no label can hold comes back', () => {
    const labels = {
      'imago-run': '5f',
      'imago.property/os_distro': 'org.debian',
      'imago.property/os_version': `b64.${Buffer.from('12 (bookwörm)').toString('base64url')}.e`,
    }
    expect(told({ ...helper, labels }, 'os.distro')).toEqual(['debian', 'declared'])
    expect(told({ ...helper, labels }, 'os.version')).toEqual(['12 (bookwörm)', 'declared'])
  })

  test.each(['0', '-1', '1e3', '', '99999999999999999999', '١'])('%p is no number of bytes', (count) =>
    expect(told({ ...helper, labels: { 'imago-bytes': count } }, 'size.virtual')).toEqual([40_960_000_000, 'inferred']),
  )

  test('any other keeps Hetzner’s words', () =>
    expect(told({ ...helper, labels: { role: 'web' } }, 'os.distro')).toEqual(['fedora', 'declared']))
})
