import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { findRecords } from '@imago/core'
import { terraform } from '../src/dialects/terraform.ts'
import { hetznerReader } from '../src/offline.ts'
import { dumps, others, recordsIn } from './fixtures.ts'

const BACKUP = 330017712

/** The dialect of each dump. Dumps written with `isoformat` have the API's shape, except for the record whose `bound_to` is an object. */
const DIALECTS: Readonly<Record<string, string>> = {
  'api-image-no-seconds.json': 'api',
  'api-image.json': 'api',
  'api-images-page-2.json': 'api',
  'api-images.json': 'api',
  // `describe` prints the API's response, not hcloud's own structure.
  'hcloud-cli-1.30.3-image-describe-by-name.json': 'api',
  'hcloud-cli-1.30.3-image-describe-deprecation-only.json': 'api',
  'hcloud-cli-1.30.3-image-describe-snapshot.json': 'api',
  'hcloud-cli-1.30.3-image-list.json': 'hcloud',
  'hcloud-cli-1.39.0-all-list.json': 'hcloud',
  'hcloud-cli-1.39.0-image-describe-no-architecture.json': 'api',
  'hcloud-cli-1.39.0-image-describe-snapshot.json': 'api',
  'hcloud-cli-1.39.0-image-list.json': 'hcloud',
  'hcloud-python-1.18.2-image-no-seconds.json': 'api',
  'hcloud-python-1.18.2-images-iso.json': 'api, but for the backup: hcloud-python',
  'hcloud-python-1.18.2-images-iso.ndjson': 'api, but for the backup: hcloud-python',
  'hcloud-python-1.18.2-images-str.json': 'hcloud-python',
  'hcloud-python-2.17.0-images-iso.json': 'api, but for the backup: hcloud-python',
  'hcloud-python-2.17.0-images-iso.ndjson': 'api, but for the backup: hcloud-python',
  'hcloud-python-2.17.0-images-str.json': 'hcloud-python',
}

const dialectFor = (file: string, id: unknown): string => {
  const stated = DIALECTS[file] ?? ''
  const [most = '', backup = ''] = stated.split(', but for the backup: ')
  return id === BACKUP && backup !== '' ? backup : most
}

const seenIn = (record: unknown): string => {
  const recognition = hetznerReader.recognize(record)
  return recognition.known ? `${recognition.dialect.name}, ${recognition.certainty}` : recognition.reason
}

describe('dialects of Hetzner clients', () => {
  it('every dump is read, or listed with a reason', () => {
    expect(dumps).toEqual(Object.keys(DIALECTS).sort())
    // A README, and a text table.
    expect(others).toEqual(['README.md', 'hcloud-cli-1.30.3-image-list.txt'])
  })

  it.each(dumps)('%s: every record is recognized with certainty', (file) => {
    const records = recordsIn(file)
    expect(records.length).toBeGreaterThan(0)
    expect(records.map(seenIn)).toEqual(records.map(({ id }) => `${dialectFor(file, id)}, certain`))
  })

  describe('recognize, with incomplete records', () => {
    const NONE = 'not a recognized image record'

    it.each([
      ['os_flavor', { id: 1, os_flavor: null }, 'api, certain'],
      ['rapid_deploy', { id: 1, rapid_deploy: false }, 'api, certain'],
      ['words and a key of Hetzner', { id: 1, type: 'snapshot', status: 'available', disk_size: 20 }, 'api, likely'],
      ['a type of Hetzner without a status', { id: 1, type: 'temporary', created_from: null }, 'api, likely'],
      ['a type of Hetzner with a foreign status', { id: 1, type: 'snapshot', status: 'active', disk_size: 20 }, NONE],
      [
        'words that Hetzner and DigitalOcean share',
        { id: 1, type: 'snapshot', status: 'available', size_gigabytes: 2.36, min_disk_size: 25 },
        NONE,
      ],
      [
        'words of Hetzner with a text ID',
        { id: '1', type: 'snapshot', status: 'available' },
        'it may be from Ansible’s hetzner.hcloud.image_info, but is not a recognized image record: name the provider',
      ],
      ['a text ID, as Ansible’s templates write it', { id: '1', os_flavor: 'debian' }, 'ansible, certain'],
      ['a text ID that is not a number', { id: '1a', os_flavor: 'debian' }, NONE],
      [
        'an image and its action',
        { image: { id: 1, os_flavor: 'debian' }, action: { id: 2 } },
        'create-image, certain',
      ],
      [
        'a foreign image and an action',
        { image: { id: 'a' }, action: {} },
        'it may be from the response to POST /servers/{id}/actions/create_image, but is not a recognized image record: name the provider',
      ],
      [
        'the arguments of Terraform',
        { id: 1, os_flavor: 'debian', selector: null, most_recent: true },
        'terraform, certain',
      ],
      ['Terraform’s snapshot', { id: '1', description: 'd', labels: null, server_id: 2 }, 'terraform, likely'],
      ['Pulumi’s image', { id: 1, osFlavor: 'debian', rapidDeploy: true }, 'pulumi, certain'],
      ['Pulumi’s snapshot', { id: '1', description: 'd', labels: {}, serverId: 2 }, 'pulumi, likely'],
      [
        'Python’s deprecation',
        { id: 1, os_flavor: 'debian', deprecation: 'DeprecationInfo(announced=None, unavailable_after=None)' },
        'hcloud-python, certain',
      ],
      ['no ID, which reading reports', { os_flavor: 'debian', rapid_deploy: false }, 'api, certain'],
      ['an empty object', {}, NONE],
      ['names of inherited properties', { id: 1, type: 'constructor', status: 'toString' }, NONE],
      [
        'hcloud’s zero time in deleted',
        { id: 1, os_flavor: 'debian', deleted: '0001-01-01T00:00:00Z' },
        'hcloud, certain',
      ],
      [
        'hcloud’s zero time in deprecated',
        { id: 1, os_flavor: 'debian', deprecated: '0001-01-01T00:00:00Z' },
        'hcloud, certain',
      ],
      ['hcloud’s empty architecture', { id: 1, os_flavor: 'debian', architecture: '' }, 'hcloud, certain'],
      [
        'hcloud’s zero time in a server',
        { id: 1, deleted: '0001-01-01T00:00:00Z', server_type: {} },
        'it is a Hetzner server without an image',
      ],
      ['Python’s date', { id: 1, os_flavor: 'debian', created: '2019-07-08 05:35:31+00:00' }, 'hcloud-python, certain'],
      ['Python’s server', { id: 1, os_flavor: 'debian', bound_to: { id: 2, name: null } }, 'hcloud-python, certain'],
      [
        'a text with a space that is not a date',
        { id: 1, os_flavor: 'debian', created: 'yesterday, at noon' },
        'api, certain',
      ],
    ])('returns the result for %s', (_, record, expected) => expect(seenIn(record)).toBe(expected))
  })

  describe('recognize, with other records', () => {
    it.each([
      [
        'an ISO',
        {
          id: 4711,
          name: 'FreeBSD-11.0',
          description: 'FreeBSD 11.0 x64',
          type: 'public',
          architecture: 'x86',
          deprecation: null,
        },
        /it is a Hetzner ISO/,
      ],
      ['a private ISO', { id: 4711, name: null, description: 'mine', type: 'private' }, /it is a Hetzner ISO/],
      ['a server', { id: 42, name: 'web-1', status: 'running', server_type: { id: 1 } }, /it is a Hetzner server/],
      [
        'an action',
        { id: 1, command: 'create_image', status: 'running', progress: 0, error: null },
        /it is a Hetzner action/,
      ],
      ['a container image', { Id: 'sha256:4f', RepoTags: ['debian:12'] }, /it is a container image/],
      ['an EC2 image', { ImageId: 'ami-1', State: 'available' }, /it is an Amazon EC2 image/],
    ])('names %s in the reason', (_, record, because) => {
      expect(hetznerReader.recognize(record)).toEqual({
        known: false,
        foreign: true,
        reason: expect.stringMatching(because),
      })
    })

    it.each([null, true, 5, 'text', [], [{ id: 1, os_flavor: 'debian' }]])('refuses %j', (u) => {
      expect(hetznerReader.recognize(u)).toEqual({ known: false, foreign: false, reason: 'it is not a JSON object' })
    })
  })

  it.each([...(terraform.translation?.own ?? [])])('recognizes Terraform by its argument %s', (argument) => {
    expect(hetznerReader.recognize({ id: 1, os_flavor: 'debian', [argument]: null })).toMatchObject({
      dialect: { name: 'terraform' },
    })
  })

  it('no record of OpenStack’s dumps is recognized', () => {
    const folder = new URL('../../../schemas/openstack/fixtures/dumps/', import.meta.url)
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
    const records = files.flatMap((file) => findRecords(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))))
    expect(records.length).toBeGreaterThan(100)
    expect(records.filter(({ record }) => hetznerReader.recognize(record).known)).toEqual([])
  })
})
