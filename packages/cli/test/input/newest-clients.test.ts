import { describe, expect, it } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { readDump } from '@imago/core'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import { openInput } from '../../src/input/open.ts'
import { readRecords } from '../../src/input/read-records.ts'

const toPath = (file: string): string => fileURLToPath(new URL(`../../../../schemas/${file}`, import.meta.url))

/** Reads the records of a file. Throws on a problem. */
const records = async (file: string): Promise<readonly unknown[]> => {
  const found: unknown[] = []
  await readRecords(await openInput(toPath(file)), {
    record: (record) => void found.push(record),
    problem: (reason) => {
      throw new Error(reason)
    },
    flush: () => Promise.resolve(),
  })
  return found
}

const HETZNER = 'hetzner/fixtures/newest-clients'
const OPENSTACK = 'openstack/fixtures/newest-clients'
const OLDER = 'openstack/fixtures/older-clients'

describe('output of current clients other than JSON', () => {
  it.each([
    [`${HETZNER}/ansible-12.3.0-ad-hoc.txt`, 8],
    [`${HETZNER}/ansible-12.3.0-playbook.txt`, 24],
    [`${HETZNER}/ansible-12.3.0-playbook-yaml.txt`, 24],
    [`${HETZNER}/ansible-12.3.0-callback.json`, 24],
    [`${OPENSTACK}/ansible-12.3.0-ad-hoc.txt`, 1],
    [`${OPENSTACK}/ansible-12.3.0-image-present.json`, 1],
    [`${OPENSTACK}/ansible-12.3.0-registered.yaml`, 15],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list.yaml`, 15],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-long.yaml`, 15],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-debian.yaml`, 1],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-unicode.yaml`, 1],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-shows.yaml`, 3],
    [`${OLDER}/openstack-cli-3.19.0-image-list-long.yaml`, 15],
    [`${OLDER}/openstack-cli-3.19.0-image-show-debian.yaml`, 1],
    [`${OLDER}/openstack-cli-3.19.0-image-show-numbers.yaml`, 1],
    [`${OLDER}/openstack-cli-4.0.2-image-show-debian.yaml`, 1],
  ])('reads %s: %i images, none rejected', async (file, count) => {
    const { items, rejected, drift } = readDump(await records(file), { readers: [hetznerReader, openstackReader] })
    expect(rejected).toEqual([])
    expect(drift).toEqual([])
    expect(items).toHaveLength(count)
  })

  it('reads texts that look like numbers as text', async () => {
    const [record] = await records(`${OPENSTACK}/openstack-cli-10.5.0-image-show-numbers.yaml`)
    expect(record).toMatchObject({
      name: '09',
      tags: expect.arrayContaining(['08', '1e3', 'no', 'web']),
      properties: {
        answer: 'yes',
        build: '1e3',
        date: '2001-12-14',
        empty: '',
        equals: '=',
        hexa: '0x1F',
        null_text: 'null',
        os_version: '09',
        patch: '0o17',
        sixty: '1:30',
        tilde: '~',
        under: '1_000',
      },
    })
  })

  it.each(['numbers', 'odd', 'unicode', 'debian'])('reads the same record from YAML and JSON: %s', async (image) => {
    const show = `${OPENSTACK}/openstack-cli-10.5.0-image-show-${image}`
    expect(await records(`${show}.yaml`)).toEqual(await records(`${show}.json`))
  })

  it.each([
    ['hetzner/fixtures/go-clients/hcloud-cli-1.30.3-image-list.txt', /it is a table: .*-o json/],
    [
      'hetzner/fixtures/go-clients/hcloud-cli-1.30.3-image-describe.txt',
      /it is the text output of hcloud … describe: .*-o json/,
    ],
    [`${HETZNER}/hcloud-python-2.27.0-images-print.txt`, /Python’s notation.*json\.dumps/],
    [`${OPENSTACK}/openstacksdk-4.22.0-images-print.txt`, /Python’s notation/],
    [`${OPENSTACK}/openstacksdk-4.22.0-images-objects.txt`, /Python’s notation/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-debian.value.txt`, /-f value.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-id.value.txt`, /-f value.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-long.value.txt`, /-f value.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-name.value.txt`, /neither JSON nor YAML.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-debian.shell.txt`, /shell variables.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-prefix.shell.txt`, /shell variables.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-long.csv`, /CSV.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-quoted.csv`, /CSV.*-f json/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-long.txt`, /it is a table: .*-f json/],
    [`${OPENSTACK}/glance-4.13.0-image-list.txt`, /it is a table: .*-f json/],
    [`${OPENSTACK}/glance-4.13.0-image-list-verbose.txt`, /it is a table: .*-f json/],
    [`${OPENSTACK}/glance-4.13.0-member-list.txt`, /it is a table: .*-f json/],
  ])('refuses %s with its type', async (file, reason) => {
    await expect(records(file)).rejects.toThrow(reason)
  })
})
