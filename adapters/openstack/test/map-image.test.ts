import { describe, expect, it } from '@jest/globals'
import { getFieldValue, type Dialect, type FieldName, type Image, type JsonObject } from '@imago/core/provider'
import { bareImage } from '@imago/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { toArchitecture } from '../src/map-image/architecture.ts'
import { toFirmware, toSecureBoot } from '../src/map-image/boot.ts'
import { toDigests } from '../src/map-image/digests.ts'
import { distroOfHuawei, versionOfHuawei } from '../src/map-image/huawei.ts'
import { toKind, toVisibility, toVolumeSnapshotKind } from '../src/map-image/kind.ts'
import { toStores, toTags } from '../src/map-image/lists.ts'
import { familyOfDistro, toDistro, toFamily } from '../src/map-image/operating-system.ts'
import { toOrigins } from '../src/map-image/origins.ts'
import { toProperties } from '../src/map-image/properties.ts'
import { gibibytesToBytes, mebibytesToBytes } from '../src/map-image/size.ts'
import { toStatus } from '../src/map-image/status.ts'
import { word } from '../src/map-image/text.ts'
import { openstackReader } from '../src/offline.ts'
import { recordedAnswer } from './compute-recordings.ts'

const PLACE = { cloud: null, region: null, pointer: '' }

const read = (record: JsonObject, dialect?: Dialect): { readonly image: Image; readonly drift: readonly string[] } => {
  const result = openstackReader.read({ id: 'a', ...record }, PLACE, dialect)
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left.issues))
  return { image: result.right.image, drift: result.right.drift.map(({ kind, path }) => `${kind} ${path}`) }
}

const readField = (record: JsonObject, field: FieldName): readonly [unknown, string] => {
  const explained = openstackReader.explain({ id: 'a', ...record }, PLACE)
  if (E.isLeft(explained)) throw new Error(JSON.stringify(explained.left.issues))
  const found = explained.right.fields.find((one) => one.field === field)
  return [found?.value, found?.evidence ?? '']
}

describe('mapping of Glance images', () => {
  it.each([
    ['queued', 'pending'],
    ['saving', 'pending'],
    ['uploading', 'pending'],
    ['importing', 'pending'],
    ['active', 'available'],
    ['deactivated', 'unavailable'],
    ['killed', 'failed'],
    ['pending_delete', 'deleting'],
    ['deleted', 'deleted'],
    ['ACTIVE', 'unknown'],
    ['', 'unknown'],
    ['__proto__', 'unknown'],
    [null, null],
    [undefined, undefined],
  ])('toStatus(%p) returns %p', (status, expected) => expect(toStatus(status)).toBe(expected))

  it.each([
    ['public', 'public'],
    ['private', 'private'],
    ['shared', 'shared'],
    ['community', 'community'],
    ['unlisted', 'unknown'],
    ['constructor', 'unknown'],
    [null, null],
    [undefined, undefined],
  ])('toVisibility(%p) returns %p', (visibility, expected) => expect(toVisibility(visibility)).toBe(expected))

  it.each([
    ['snapshot', 'snapshot'],
    ['backup', 'backup'],
    ['image', 'image'],
    ['template', 'unknown'],
    ['toString', 'unknown'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toKind(%p) returns %p', (imageType, expected) => expect(toKind(imageType)).toBe(expected))

  it('an image without image_type is assumed not to be a snapshot', () => {
    expect(readField({ status: 'active', schema: '/v2/schemas/image' }, 'kind')).toEqual(['image', 'assumed'])
    expect(readField({ image_type: 'snapshot' }, 'kind')).toEqual(['snapshot', 'declared'])
    expect(readField({ image_type: 'template' }, 'kind')).toEqual(['unknown', 'declared'])
  })

  it.each(['zed', '2026.2'] as const)('infers a snapshot from disks that are volume snapshots (%s)', (release) => {
    const { body } = recordedAnswer('glance-image-vol-1-snap', release)
    expect(readField(body as JsonObject, 'kind')).toEqual(['snapshot', 'inferred'])
  })

  it.each([
    ['[{"snapshot_id": null, "image_id": "1"}]', undefined],
    ['[{"snapshot_id":"1"}]', 'snapshot'],
    ['"snapshot_id": "', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('toVolumeSnapshotKind(%p) returns %p', (mapping, expected) => expect(toVolumeSnapshotKind(mapping)).toBe(expected))

  it.each([
    ['x86_64', 'x86_64'],
    ['amd64', 'x86_64'],
    ['AMD64', 'x86_64'],
    ['arm64', 'aarch64'],
    ['aarch64', 'aarch64'],
    ['i386', 'i686'],
    ['ppc64le', 'ppc64le'],
    ['s390x', 's390x'],
    // Nova's value, not Hetzner's: `arm` is not aarch64 here.
    ['arm', 'arm'],
    ['x86', 'x86'],
    ['quantum', 'quantum'],
    ['__proto__', '__proto__'],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toArchitecture(%p) returns %p', (given, expected) => expect(toArchitecture(given)).toBe(expected))

  describe('operating system', () => {
    it.each([
      ['debian', 'debian', 'linux'],
      // Spellings that Glance's documentation calls deprecated.
      ['org.debian', 'debian', 'linux'],
      ['Ubuntu', 'ubuntu', 'linux'],
      ['canonical', 'ubuntu', 'linux'],
      ['redhat', 'rhel', 'linux'],
      ['com.redhat', 'rhel', 'linux'],
      ['org.fedoraproject', 'fedora', 'linux'],
      ['rockylinux', 'rocky', 'linux'],
      ['suse', 'opensuse', 'linux'],
      ['archlinux', 'arch', 'linux'],
      ['windoze', 'windows', 'windows'],
      ['FreeBSD', 'freebsd', 'bsd'],
      // Values of os-release and libosinfo that are not on Glance's list.
      ['almalinux', 'almalinux', 'linux'],
      ['sles', 'sles', 'linux'],
      ['win', 'windows', 'windows'],
      ['hannah-montana', 'hannah-montana', undefined],
      ['constructor', 'constructor', undefined],
      ['', null, undefined],
      [null, null, undefined],
      [undefined, undefined, undefined],
    ])('for os_distro %p, returns distro %p and family %p', (given, distro, family) => {
      expect(toDistro(given)).toBe(distro)
      expect(familyOfDistro(given)).toBe(family)
    })

    it.each([
      ['linux', 'linux'],
      ['windows', 'windows'],
      ['Linux', 'linux'],
      ['other', undefined],
      ['', null],
      [null, null],
      [undefined, undefined],
    ])('for os_type %p, returns family %p', (given, expected) => expect(toFamily(given)).toBe(expected))

    it.each([
      [{ os_type: 'linux', os_distro: 'windows' }, ['linux', 'declared']],
      [{ os_distro: 'freebsd' }, ['bsd', 'inferred']],
      [{ os_type: 'other', os_distro: 'freebsd' }, ['bsd', 'inferred']],
      [{ os_type: '', os_distro: 'debian' }, ['linux', 'inferred']],
      [{ os_type: '' }, [null, 'declared']],
      [{}, [null, 'unknown']],
    ])('for %j, returns family %j', (record, expected) => expect(readField(record, 'os.family')).toEqual(expected))

    it.each([
      [{ os_admin_user: 'debian', image_original_user: 'ubuntu' }, ['debian', 'declared']],
      [{ image_original_user: 'ubuntu' }, ['ubuntu', 'declared']],
      [{ os_admin_user: '', image_original_user: 'ubuntu' }, ['ubuntu', 'declared']],
      [{ os_admin_user: '' }, [null, 'declared']],
      [{}, [null, 'unknown']],
    ])('for %j, returns default user %j', (record, expected) =>
      expect(readField(record, 'os.defaultUser')).toEqual(expected),
    )
  })

  it.each([
    ['bios', 'bios'],
    ['uefi', 'uefi'],
    ['coreboot', undefined],
    ['__proto__', undefined],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toFirmware(%p) returns %p', (given, expected) => expect(toFirmware(given)).toBe(expected))

  it.each([
    ['required', 'required'],
    ['optional', 'optional'],
    ['disabled', 'disabled'],
    ['maybe', undefined],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('toSecureBoot(%p) returns %p', (given, expected) => expect(toSecureBoot(given)).toBe(expected))

  describe('toDigests', () => {
    const sha512 = { algorithm: 'sha512', value: 'aa', of: 'stored', assertedBy: 'provider' }
    const md5 = { algorithm: 'md5', value: 'bb', of: 'stored', assertedBy: 'provider' }
    const uploaded = (algorithm: string, value: string): unknown => ({
      algorithm,
      value,
      of: 'unknown',
      assertedBy: 'uploader',
    })

    it.each([
      ['multihash and checksum', { os_hash_algo: 'sha512', os_hash_value: 'aa', checksum: 'bb' }, [sha512, md5]],
      ['the multihash alone', { os_hash_algo: 'sha512', os_hash_value: 'aa', checksum: null }, [sha512]],
      ['the checksum alone', { checksum: 'bb' }, [md5]],
      [
        'the checksum before the multihash is available',
        { os_hash_algo: null, os_hash_value: null, checksum: 'bb' },
        [md5],
      ],
      ['nothing for an algorithm without a value', { os_hash_algo: 'sha512', os_hash_value: null }, null],
      ['nothing for a value without an algorithm', { os_hash_value: 'aa' }, null],
      ['nothing for null', { os_hash_algo: null, os_hash_value: null, checksum: null }, null],
      ['nothing for empty values', { os_hash_algo: 'sha512', os_hash_value: '', checksum: '' }, null],
      ['nothing', {}, undefined],
      [
        'a client’s digests after Glance’s',
        { checksum: 'bb', 'owner_specified.openstack.sha256': 'cc', 'owner_specified.openstack.md5': 'dd' },
        [md5, uploaded('sha256', 'cc'), uploaded('md5', 'dd')],
      ],
      [
        'nothing for a client that computed none',
        { checksum: 'bb', 'owner_specified.openstack.sha256': '', 'owner_specified.openstack.md5': '' },
        [md5],
      ],
      [
        'the only digest that a client computed',
        { 'owner_specified.openstack.sha256': '', 'owner_specified.openstack.md5': 'dd' },
        [uploaded('md5', 'dd')],
      ],
      [
        'the digests of the older client',
        { 'owner_specified.shade.sha256': 'cc', 'owner_specified.shade.md5': 'dd' },
        [uploaded('sha256', 'cc'), uploaded('md5', 'dd')],
      ],
      [
        'the older client’s digests if the newer computed none',
        { 'owner_specified.openstack.sha256': '', 'owner_specified.shade.sha256': 'cc' },
        [uploaded('sha256', 'cc')],
      ],
      [
        'the digests of both clients',
        { 'owner_specified.openstack.sha256': 'cc', 'owner_specified.shade.sha256': 'xx' },
        [uploaded('sha256', 'cc')],
      ],
    ])('returns %s', (_, wire, expected) => expect(toDigests(wire)).toEqual(expected))
  })

  it.each([
    ['fast', ['fast']],
    ['fast,slow', ['fast', 'slow']],
    ['slow, fast', ['slow', 'fast']],
    [' fast , , slow', ['fast', 'slow']],
    ['', []],
    [
      ['fast', ' slow ', ''],
      ['fast', 'slow'],
    ],
    [[], []],
    [null, null],
    [undefined, undefined],
  ])('toStores(%j) returns %j', (stores, expected) => expect(toStores(stores)).toEqual(expected))

  it('sorts tags by code unit and keeps the order in the record', () => {
    const tags = ['b', 'a', 'B', 'größe', '雲', 'a']
    expect(toTags(tags)).toEqual(['B', 'a', 'a', 'b', 'größe', '雲'])
    expect(tags).toEqual(['b', 'a', 'B', 'größe', '雲', 'a'])
    expect(toTags([])).toEqual([])
    expect(toTags(['x'])).toEqual(['x'])
    expect(toTags(null)).toBeNull()
    expect(toTags(undefined)).toBeUndefined()
  })

  it.each([
    [0, 0, 0],
    [1, 1_073_741_824, 1_048_576],
    [20, 21_474_836_480, 20_971_520],
    [512, 549_755_813_888, 536_870_912],
    [8_388_607, 9_007_198_180_999_168, 8_796_091_973_632],
    // Above the safe integer range.
    [8_388_608, undefined, 8_796_093_022_208],
    [2 ** 53 - 1, undefined, undefined],
    [null, null, null],
    [undefined, undefined, undefined],
  ])('converts %p from GiB to %p and from MiB to %p bytes', (amount, gibibytes, mebibytes) => {
    expect(gibibytesToBytes(amount)).toBe(gibibytes)
    expect(mebibytesToBytes(amount)).toBe(mebibytes)
  })

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

  describe('toOrigins', () => {
    const server = { relation: 'created-from', kind: 'server', id: 's', name: null, url: null }
    const base = { relation: 'based-on', kind: 'image', id: 'i', name: null, url: null }
    const url = {
      relation: 'imported-from',
      kind: 'url',
      id: null,
      name: null,
      url: 'https://cloud.debian.org/a.qcow2',
    }

    it.each([
      [
        'all',
        { instance_uuid: 's', base_image_ref: 'i', image_source: 'https://cloud.debian.org/a.qcow2' },
        [server, base, url],
      ],
      ['a server', { instance_uuid: 's', base_image_ref: '' }, [server]],
      ['an image', { base_image_ref: 'i' }, [base]],
      ['nothing for SCS’s value private', { image_source: 'private' }, undefined],
      ['nothing for a name', { image_source: 'cloud.debian.org' }, undefined],
      ['nothing for empty and null', { instance_uuid: '', base_image_ref: null, image_source: '' }, undefined],
      ['nothing', {}, undefined],
    ])('returns %s', (_, wire, expected) => expect(toOrigins(wire)).toEqual(expected))
  })

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

  describe('fields of Huawei-based clouds', () => {
    const record = {
      __os_type: 'Linux',
      __platform: 'CentOS',
      __os_version: 'CentOS 7.3 64bit',
      __image_size: '3221225472',
      size: 0,
      checksum: 'd41d8cd98f00b204e9800998ecf8427e',
    }

    it.each<[FieldName, unknown, string]>([
      ['os.family', 'linux', 'inferred'],
      ['os.distro', 'centos', 'inferred'],
      ['os.version', '7.3', 'inferred'],
      ['size.stored', 3_221_225_472, 'inferred'],
      ['digests', [], 'unknown'],
    ])('yield %s', (field, value, evidence) => expect(readField(record, field)).toEqual([value, evidence]))

    it.each([
      ['Ubuntu', 'ubuntu'],
      ['RedHat', 'rhel'],
      ['SUSE', 'sles'],
      ['OpenSUSE', 'opensuse'],
      ['Rocky Linux', 'rocky'],
      ['AlmaLinux', 'almalinux'],
      ['Windows', 'windows'],
      ['Huawei Cloud EulerOS', 'hce'],
      ['Other', undefined],
      ['', undefined],
      [null, undefined],
    ])('distroOfHuawei(%p) returns %p', (platform, distro) => expect(distroOfHuawei(platform)).toBe(distro))

    it.each([
      ['Ubuntu 18.04 server 64bit', '18.04'],
      ['Windows Server 2012 R2 Standard 64bit', '2012 R2'],
      ['Debian GNU/Linux 10.0.0 64bit', '10.0.0'],
      ['Other(64 bit)', undefined],
      ['64bit', undefined],
      ['x'.repeat(1000), undefined],
    ])('versionOfHuawei(%p) returns %p', (text, version) => expect(versionOfHuawei(text)).toBe(version))

    it('do not override Glance’s own fields', () => {
      const { image } = read({ ...record, os_type: 'windows', os_distro: 'debian', os_version: '12', size: 5 })
      expect(image.os).toMatchObject({ family: 'windows', distro: 'debian', version: '12' })
      expect(image.size.stored).toBe(5)
    })

    it('do not change the MD5 of an image without data', () =>
      expect(read({ size: 0, checksum: record.checksum }).image.digests).toHaveLength(1))
  })

  describe('digestMisfits', () => {
    const SHA512 = 'a'.repeat(128)

    it.each([
      [
        'Python’s None',
        { checksum: 'None', os_hash_algo: 'None', os_hash_value: 'None' },
        ['/checksum', '/os_hash_algo', '/os_hash_value'],
        [],
      ],
      [
        'a truncated digest',
        { checksum: 'abc', os_hash_algo: 'sha512', os_hash_value: SHA512.slice(1) },
        ['/checksum', '/os_hash_value'],
        [],
      ],
      ['invalid hexadecimal digits', { checksum: 'g'.repeat(32) }, ['/checksum'], []],
      ['a digest of another algorithm', { os_hash_algo: 'sha256', os_hash_value: SHA512 }, ['/os_hash_value'], []],
      [
        'a client’s digest',
        { 'owner_specified.openstack.sha256': 'ab', 'owner_specified.openstack.md5': '' },
        ['/owner_specified.openstack.sha256'],
        [],
      ],
    ])('reports %s and drops the digest', (_, record, paths, digests) => {
      const { image, drift } = read(record)
      expect(drift).toEqual(paths.map((path) => `wrong-type ${path}`))
      expect(image.digests).toEqual(digests)
      expect(readField(record, 'digests')).toEqual([[], 'unknown'])
    })

    it.each([
      ['any case', { checksum: 'ABCDEF0123456789abcdef0123456789' }],
      ['an unknown algorithm', { os_hash_algo: 'sha9', os_hash_value: 'ab'.repeat(40) }],
      ['sha512', { os_hash_algo: 'sha512', os_hash_value: SHA512 }],
    ])('accepts %s', (_, record) => {
      const { image, drift } = read(record)
      expect(drift).toEqual([])
      expect(image.digests).toHaveLength(1)
    })
  })
})
