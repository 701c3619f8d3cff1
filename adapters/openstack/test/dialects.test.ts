import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { findRecords } from '@imago/core'
import { openstackReader } from '../src/offline.ts'
import { dumps, others, recordings, recordsIn } from './fixtures.ts'

/** Expected dialect and certainty of each dump. */
const DIALECTS: Readonly<Record<string, string>> = {
  'api-image-unparseable.json': 'api, certain',
  'api-image.json': 'api, certain',
  'api-images-hidden.json': 'api, certain',
  'api-images-page-1.json': 'api, certain',
  'api-images.json': 'api, certain',
  'glanceclient-4.1.0-images.json': 'api, certain',
  'openstack-cli-6.0.0-image-list-long.json': 'openstack-list, certain',
  // The three columns ID, Name and Status also occur in other lists.
  'openstack-cli-6.0.0-image-list.json': 'openstack-list, likely',
  'openstack-cli-6.0.0-image-show-debian.json': 'openstack-show, certain',
  'openstack-cli-6.0.0-image-show-hidden.json': 'openstack-show, certain',
  'openstack-cli-6.0.0-image-show-odd.json': 'openstack-show, certain',
  'openstack-cli-6.0.0-image-show-queued.json': 'openstack-show, certain',
  'openstack-cli-6.0.0-image-show-snapshot.json': 'openstack-show, certain',
  'openstack-cli-6.0.0-image-show-types.json': 'openstack-show, certain',
  'openstack-cli-7.4.0-image-show-types.json': 'openstack-show, certain',
  'openstack-cli-7.4.0-image-show-unparseable.json': 'openstack-show, certain',
  'openstacksdk-0.101.0-cloud-list-images.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-image-hidden.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-image-original-names.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-image-queued.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-image.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-images-original-names.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-images.json': 'openstacksdk, certain',
  'openstacksdk-0.101.0-images.ndjson': 'openstacksdk, certain',
  'openstacksdk-4.4.0-image-unparseable.json': 'openstacksdk, certain',
  'openstacksdk-4.4.0-images.json': 'openstacksdk, certain',
}

/** Similar formats and the expected reasons. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'hand-docker-image-inspect.json': /^it is a container image/,
  'hand-glance-v1-images-detail.json': /^it is from Glance v1, .*Glance v2/,
  'hand-nova-images-detail.json': /^it is from Nova’s image proxy, .*openstack image list/,
  'hand-oci-image-manifest.json': /^it is a container image/,
}

const describeMatch = (record: unknown): string => {
  const recognition = openstackReader.recognize(record)
  return recognition.known ? `${recognition.dialect.name}, ${recognition.certainty}` : recognition.reason
}

describe('dialects of OpenStack clients', () => {
  it('every dump is read or refused with a reason', () => {
    expect(dumps).toEqual([...Object.keys(DIALECTS), ...Object.keys(REFUSED)].sort())
    expect(others).toEqual([
      'README.md',
      // A table for spreadsheets, tables for people, and shell variables, which do not name the fields reliably.
      'openstack-cli-6.0.0-image-list-long.csv',
      // The command converts YAML to JSON; its tests read these.
      'openstack-cli-6.0.0-image-list-long.yaml',
      'openstack-cli-6.0.0-image-list.txt',
      'openstack-cli-6.0.0-image-show-debian.shell.txt',
      'openstack-cli-6.0.0-image-show-debian.yaml',
      'openstack-cli-6.0.0-image-show-unicode.yaml',
    ])
  })

  it.each(Object.entries(DIALECTS))('reads every record of %s as %s', (file, expected) => {
    const records = recordsIn(file)
    expect(records.length).toBeGreaterThan(0)
    expect(records.map(describeMatch)).toEqual(records.map(() => expected))
  })

  it.each(Object.entries(REFUSED))('refuses every record of %s with a reason', (file, because) => {
    const records = recordsIn(file)
    expect(records.length).toBeGreaterThan(0)
    for (const record of records)
      expect(openstackReader.recognize(record)).toEqual({
        known: false,
        foreign: true,
        reason: expect.stringMatching(because),
      })
  })

  it('recognizes every recorded API image with certainty', () => {
    const records = recordings.flatMap(({ body }) => findRecords(body))
    expect(records.length).toBeGreaterThan(100)
    expect([...new Set(records.map(({ record }) => describeMatch(record)))]).toEqual(['api, certain'])
  })

  describe('record with missing fields', () => {
    const NONE = 'not a recognized image record'

    it.each([
      ['schema only', { id: 'a', schema: '/v2/schemas/image' }, 'api, certain'],
      [
        'formats and visibility',
        { id: 'a', disk_format: null, container_format: null, visibility: 'private' },
        'api, certain',
      ],
      ['a multihash', { id: 'a', os_hash_algo: 'sha512' }, 'api, certain'],
      ['a status and a visibility', { id: 'a', status: 'active', visibility: 'public' }, 'api, likely'],
      ['a status and min_disk', { id: 'a', status: 'queued', min_disk: 0 }, 'api, likely'],
      ['a status alone', { id: 'a', name: 'x', status: 'active' }, NONE],
      ['the status of another provider', { id: 'a', status: 'ACTIVE', visibility: 'public' }, NONE],
      ['names of object prototypes', { id: 'a', status: 'constructor', visibility: 'toString' }, NONE],
      ['an ID that is not text, reported by reading', { id: 5, schema: '/v2/schemas/image' }, 'api, certain'],
      ['a numeric ID without fields specific to Glance', { id: 5, status: 'active', visibility: 'public' }, NONE],
      ['no ID', { schema: '/v2/schemas/image' }, 'api, certain'],
      [
        'formats and visibility without an ID',
        { disk_format: 'raw', container_format: 'bare', visibility: 'private' },
        'api, certain',
      ],
      [
        'no ID and no fields specific to Glance',
        { status: 'active', visibility: 'public' },
        'it has no id; if it is from openstack image show, add -c id',
      ],
      [
        'properties as an object',
        { id: 'a', status: 'active', visibility: 'public', properties: {} },
        'openstack-show, certain',
      ],
      ['a property named properties', { id: 'a', schema: '/v2/schemas/image', properties: 'x' }, 'api, certain'],
      [
        'properties named like the SDK’s attributes',
        {
          id: 'a',
          schema: '/v2/schemas/image',
          status: 'active',
          protected: false,
          owner_id: 'x',
          is_protected: 'no',
          hash_algo: 'x',
        },
        'api, certain',
      ],
      ['attributes of the SDK', { id: 'a', status: 'active', is_protected: false }, 'openstacksdk, certain'],
      [
        'original names of the SDK',
        {
          id: 'a',
          disk_format: 'raw',
          container_format: 'bare',
          visibility: 'private',
          protected: false,
          properties: {},
          location: { cloud: 'x' },
        },
        'openstacksdk, certain',
      ],
      [
        'two columns of a long list',
        { ID: 'a', 'Disk Format': 'raw', 'Container Format': 'bare' },
        'openstack-list, certain',
      ],
      ['exactly three columns', { ID: 'a', Name: null, Status: 'queued' }, 'openstack-list, likely'],
      ['three columns of a server list', { ID: 'a', Name: 'web', Status: 'ACTIVE' }, NONE],
      ['more columns than a short list', { ID: 'a', Name: 'web', Status: 'active', Networks: {} }, NONE],
      [
        'columns without an ID',
        { Name: 'x', 'Disk Format': 'raw', 'Container Format': 'bare' },
        'it has no ID; if it is from openstack image list, add -c ID',
      ],
      ['names only', { Name: 'x' }, 'it has no ID; if it is from openstack image list, add -c ID'],
      ['other keys, without an ID', { Name: 'x', Networks: {} }, NONE],
    ])('%s', (_, record, expected) => expect(describeMatch(record)).toBe(expected))

    it('refuses Nova’s reference to an image', () => {
      expect(openstackReader.recognize({ id: 'a', links: [] })).toEqual({
        known: false,
        foreign: true,
        reason: expect.stringMatching(/^it is Nova’s reference/),
      })
    })

    it.each([null, true, 5, 'text', []])('rejects %j', (u) => {
      expect(openstackReader.recognize(u)).toEqual({ known: false, foreign: false, reason: 'it is not a JSON object' })
    })
  })

  it('does not recognize Hetzner’s dumps as OpenStack', () => {
    const folder = new URL('../../../schemas/hetzner/fixtures/dumps/', import.meta.url)
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
    const records = files.flatMap((file) => findRecords(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))))
    expect(records.length).toBeGreaterThan(80)
    expect(records.filter(({ record }) => openstackReader.recognize(record).known)).toEqual([])
  })
})
