import { expect, test } from '@jest/globals'
import { emptyOf, FIELD_NAMES, fieldOf, FIELDS, type FieldName, type Image } from '../../src/index.ts'

const filled: Image = {
  ref: { provider: 'toy', cloud: null, region: null, id: 'ref.id' },
  name: 'name', description: 'description', kind: 'app', status: 'failed', providerStatus: 'providerStatus', visibility: 'shared', hidden: true, owner: 'owner', protected: false, rapidDeploy: true,
  architecture: 'architecture',
  os: { family: 'bsd', distro: 'os.distro', version: 'os.version', defaultUser: 'os.defaultUser' },
  boot: { firmware: 'uefi', secureBoot: 'required' },
  format: { disk: 'format.disk', container: 'format.container' },
  size: { stored: 1, virtual: 2, minDisk: 3, minRam: 4 },
  digests: [{ algorithm: 'md5', value: 'ab', of: 'uncompressed', assertedBy: 'uploader' }],
  createdAt: '2021-01-01T00:00:00Z', updatedAt: '2022-01-01T00:00:00Z', deletedAt: '2023-01-01T00:00:00Z', deprecatedAt: '2024-01-01T00:00:00Z', unavailableAfter: '2025-01-01T00:00:00Z',
  origins: [{ relation: 'imported-from', kind: 'url', id: null, name: null, url: 'https://example.com' }], stores: ['s'], labels: { l: 'l' }, tags: ['t'], properties: { p: null },
  raw: {},
}

test('the fields are all of an image’s, but for raw and the place', () => {
  const paths = Object.entries(filled).flatMap(([key, value]) => (['os', 'boot', 'format', 'size'].includes(key) ? Object.keys(value as object).map((inner) => `${key}.${inner}`) : [key]))
  expect(FIELD_NAMES).toEqual(paths.filter((path) => path !== 'raw').map((path) => (path === 'ref' ? 'ref.id' : path)))
  expect(Object.keys(FIELDS)).toEqual(FIELD_NAMES)
})

test('fieldOf finds each, and each another value', () => {
  const found = FIELD_NAMES.map((field) => fieldOf(filled, field))
  expect(new Set(found.map((value) => JSON.stringify(value))).size).toBe(FIELD_NAMES.length - 1)
  expect(['ref.id', 'os.distro', 'os.defaultUser', 'format.disk', 'format.container', 'name'].map((field) => fieldOf(filled, field as FieldName))).toEqual(['ref.id', 'os.distro', 'os.defaultUser', 'format.disk', 'format.container', 'name'])
  expect(fieldOf(filled, 'size.minRam')).toBe(4)
})

test('what is empty is an image’s value: null, or an empty list or map, or unknown', () => {
  expect(Object.fromEntries(FIELD_NAMES.map((field) => [field, emptyOf(field)]).filter(([, value]) => value !== null))).toEqual({
    'ref.id': '',
    kind: 'unknown', status: 'unknown', visibility: 'unknown',
    digests: [], origins: [], stores: [], tags: [], labels: {}, properties: {},
  })
})
