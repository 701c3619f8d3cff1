import { describe, expect, it } from '@jest/globals'
import { toDigests } from '../../src/map-image/digests.ts'
import { read, readField } from './reading.ts'

describe('mapping of Glance images: digests', () => {
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
      ['digits beyond ASCII', { checksum: `${'a'.repeat(31)}\u0661` }, ['/checksum'], []],
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
