import { describe, expect, it } from '@jest/globals'
import { readDump, type Dump } from '@imago/core'
import { type Image } from '@imago/core/provider'
import { openstackReader } from '../src/offline.ts'
import { clientDumps } from './client-differences.ts'

const read = (document: unknown, provider?: string): Dump =>
  readDump(document, { readers: [openstackReader], ...(provider === undefined ? {} : { provider }) })

const only = (document: unknown, provider?: string): Image => {
  const { items, rejected } = read(document, provider)
  expect(rejected).toEqual([])
  expect(items).toHaveLength(1)
  return items[0] as Image
}

const findRefusal = (document: unknown): string => read(document).rejected[0]?.issues[0]?.got ?? 'it was read'

const MD5 = '0123456789abcdef0123456789abcdef'
const BASE = {
  id: 'a',
  name: 'jammy',
  status: 'active',
  visibility: 'public',
  container_format: 'bare',
  disk_format: 'qcow2',
  schema: '/v2/schemas/image',
  checksum: MD5,
  protected: false,
  min_disk: 8,
  min_ram: 512,
  size: 5,
}

describe('openstackclient before 4', () => {
  const show = (properties: string, more: object = {}): object => ({ ...BASE, tags: 'lts, web', properties, ...more })

  it('reads tags and properties from one text each', () => {
    const { items, drift } = read(
      show(
        "architecture='x86_64', os_distro='ubuntu', os_hidden='False', os_hash_algo='sha512', os_hash_value='abcd', os_version='22.04'",
      ),
    )
    expect(items[0]).toMatchObject({
      tags: ['lts', 'web'],
      hidden: false,
      architecture: 'x86_64',
      os: { distro: 'ubuntu', version: '22.04' },
      properties: { os_distro: 'ubuntu' },
    })
    expect(items[0]?.digests).toEqual([{ algorithm: 'md5', value: MD5, of: 'stored', assertedBy: 'provider' }])
    expect(drift).toMatchObject([{ kind: 'wrong-type', path: '/properties', expected: '128 hexadecimal digits' }])
  })

  it.each<[string, string, object]>([
    ['a quote and an equals sign in a value', "a='it's x=1, y', b='2'", { a: "it's x=1, y", b: '2' }],
    ['an empty value', "a='', b='2'", { a: '', b: '2' }],
    ['a property without a value', "a=, b='2'", { b: '2' }],
    ['none', '', {}],
  ])('reads properties: %s', (_, text, properties) => expect(only(show(text)).properties).toEqual(properties))

  it('refuses ambiguous text and names the client', () => {
    for (const text of ["a='1', a='2'", 'a=1', 'text'])
      expect(findRefusal(show(text))).toMatch(/^it is from openstackclient before 4, .*save it with openstackclient 4/)
  })

  it('reads a property named properties', () => {
    expect(only({ ...BASE, tags: [], properties: "a='1'", os_distro: 'debian' }).properties).toEqual({
      properties: "a='1'",
      os_distro: 'debian',
    })
  })
})

describe('shade, and openstacksdk before 0.99', () => {
  const record = {
    ...BASE,
    location: { cloud: 'acme' },
    tags: ['lts'],
    properties: { os_distro: 'ubuntu' },
    metadata: { os_distro: 'ubuntu' },
    os_distro: 'ubuntu',
    is_public: true,
    is_protected: false,
    minDisk: 8,
    minRam: 512,
    virtual_size: 0,
    created_at: '2021-03-02T10:11:12Z',
    created: '2021-03-02T10:11:12Z',
    updated: '2021-03-02T10:11:12Z',
    direct_url: null,
  }

  it('reads a size of 0 as unknown, and alternative names not as properties', () => {
    const image = only(record)
    expect(image.size).toEqual({ stored: 5, virtual: null, minDisk: 8 * 2 ** 30, minRam: 512 * 2 ** 20 })
    expect(image.properties).toEqual({ os_distro: 'ubuntu' })
    expect(image.raw).toBe(record)
  })

  it('reads strict records without the alternative names', () => {
    const {
      minDisk: _,
      minRam: __,
      created: ___,
      updated: ____,
      metadata: _____,
      os_distro: ______,
      protected: _______,
      ...strict
    } = record
    expect(only({ ...strict, size: 0 })).toMatchObject({
      size: { stored: null, virtual: null },
      properties: { os_distro: 'ubuntu' },
    })
  })
})

describe('choice of columns', () => {
  const list = [{ ID: 'a', Name: 'jammy', Status: 'active', Visibility: 'public' }]

  it.each<[string, unknown]>([
    ['of the list', list],
    ['ID and Name', [{ ID: 'a', Name: 'jammy' }]],
    ['ID alone', [{ ID: 'a' }]],
    ['of show', { id: 'a', name: 'jammy', properties: { os_distro: 'ubuntu' } }],
  ])('is read if the provider is given: %s', (_, document) => {
    expect(findRefusal(document)).toMatch(/^it may be from openstack image (list|show).*name the provider$/)
    expect(only(document, 'openstack').ref.id).toBe('a')
  })

  it('leaves fields without a column unknown', () => {
    const explained = openstackReader.explain(
      list[0],
      { cloud: null, region: null, pointer: '' },
      openstackReader.findDialect(list[0]),
    )
    const fields = explained._tag === 'Right' ? explained.right.fields : []
    const evidence = Object.fromEntries(fields.map((field) => [field.field, field.evidence]))
    expect(evidence).toMatchObject({
      name: 'declared',
      visibility: 'declared',
      properties: 'unknown',
      tags: 'unknown',
      digests: 'unknown',
      protected: 'unknown',
    })
  })

  it('includes the properties of show', () =>
    expect(only({ id: 'a', properties: { os_distro: 'ubuntu' } }, 'openstack')).toMatchObject({
      os: { distro: 'ubuntu' },
      properties: { os_distro: 'ubuntu' },
    }))
})

describe('Terraform and Pulumi', () => {
  const data = {
    id: 'a',
    schema: '/v2/schemas/image',
    name: 'u',
    disk_format: 'qcow2',
    container_format: 'bare',
    visibility: 'public',
    properties: { os_distro: 'ubuntu', os_hidden: 'false' },
    min_disk_gb: 10,
    min_ram_mb: 512,
    size_bytes: 262_144,
    region: 'RegionOne',
    most_recent: true,
    sort_key: 'name',
    checksum: '',
  }
  const expected = {
    name: 'u',
    hidden: false,
    size: { stored: 262_144, virtual: null, minDisk: 10 * 2 ** 30, minRam: 512 * 2 ** 20 },
    properties: { os_distro: 'ubuntu' },
    digests: [],
  }

  it('reads a data source', () => expect(only(data)).toMatchObject(expected))
  it('reads a size of 0 as unknown', () => expect(only({ ...data, size_bytes: 0 }).size.stored).toBeNull())
  it('reads Pulumi’s names', () => {
    const {
      disk_format: diskFormat,
      container_format: containerFormat,
      min_disk_gb: minDiskGb,
      min_ram_mb: minRamMb,
      size_bytes: sizeBytes,
      most_recent: mostRecent,
      sort_key: sortKey,
      ...same
    } = data
    expect(
      only({ ...same, diskFormat, containerFormat, minDiskGb, minRamMb, sizeBytes, mostRecent, sortKey }),
    ).toMatchObject(expected)
  })
})

it.each<[string, unknown, RegExp]>([
  ['a Packer manifest', { builds: [{ artifact_id: 'x' }], last_run_uuid: 'u' }, /Packer manifest/],
  ['a failed task', { failed: true, msg: 'no', changed: false }, /failed result of Ansible/],
  [
    'a state file of version 3',
    { version: 3, terraform_version: '0.11.14', modules: [] },
    /version 3 .*terraform show -json/,
  ],
  [
    'a state file without images',
    { version: 4, terraform_version: '1.9.0', resources: [] },
    /Terraform state that contains no image/,
  ],
  ['a stack without images', { version: 3, deployment: { resources: [] } }, /Pulumi stack that contains no image/],
  ['a Kubernetes manifest', { apiVersion: 'v1', kind: 'Pod' }, /Kubernetes/],
  ['an API error', { error: { message: 'no', code: 401 } }, /error response of an API/],
])('refuses %s with a reason', (_, document, reason) => expect(findRefusal(document)).toMatch(reason))

describe('older clients with the latest Glance', () => {
  const dumps = clientDumps('older-clients')

  /** Fields without a column in `openstack image list`, with and without `--long`. */
  const LONG =
    'description kind hidden architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot size.virtual size.minDisk size.minRam createdAt updatedAt origins stores properties'
  const SHORT =
    'description kind visibility hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt origins stores tags properties'

  /** Differences of each client from the API; shade replaces a missing size by 0. */
  const EXPECTED: Readonly<Record<string, string>> = {
    'openstack-cli-3.19.0-image-list-long.json': `15 images; lost: ${LONG}; changed: digests`,
    'openstack-cli-3.19.0-image-list.json': `15 images; lost: ${SHORT}`,
    'openstack-cli-3.19.0-image-show-debian.json': '1 images',
    'openstack-cli-3.19.0-image-show-numbers.json': '1 images',
    'openstack-cli-3.19.0-image-show-odd.json': '1 images',
    'openstack-cli-3.19.0-image-show-queued.json': '1 images',
    'openstack-cli-3.19.0-image-show-snapshot.json': '1 images',
    'openstack-cli-3.19.0-image-show-typed.json': '1 images',
    'openstack-cli-3.19.0-image-show-unicode.json': '1 images',
    'openstack-cli-3.19.0-image-show-volume.json': '1 images',
    'openstack-cli-4.0.2-image-list-long.json': `15 images; lost: ${LONG}; changed: digests`,
    'openstack-cli-4.0.2-image-list.json': `15 images; lost: ${SHORT}`,
    'openstack-cli-4.0.2-image-show-debian.json': '1 images',
    'openstack-cli-4.0.2-image-show-numbers.json': '1 images',
    'openstack-cli-4.0.2-image-show-odd.json': '1 images',
    'openstack-cli-4.0.2-image-show-queued.json': '1 images',
    'openstack-cli-4.0.2-image-show-snapshot.json': '1 images',
    'openstack-cli-4.0.2-image-show-typed.json': '1 images',
    'openstack-cli-4.0.2-image-show-unicode.json': '1 images',
    'openstacksdk-0.61.0-cloud-list-images.json': '2 images',
    'openstacksdk-0.61.0-images.json': '2 images',
    'shade-1.33.0-list-images-strict.json': '15 images; lost: size.stored',
    'shade-1.33.0-list-images.json': '15 images; lost: size.stored',
  }

  it('every dump is compared', () => expect(Object.keys(EXPECTED)).toEqual(dumps.files))
  it.each(Object.entries(EXPECTED))('differs from the API only as listed: %s', (file, expected) =>
    expect(dumps.differences(file)).toBe(expected),
  )
})
