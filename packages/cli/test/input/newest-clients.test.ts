import { describe, expect, test } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { readDump } from '@imago/core'
import { hetznerReader } from '@imago/adapter-hetzner/offline'
import { openstackReader } from '@imago/adapter-openstack/offline'
import { openInput } from '../../src/input/open.ts'
import { readRecords } from '../../src/input/read-records.ts'

const pathOf = (file: string): string => fileURLToPath(new URL(`../../../../schemas/${file}`, import.meta.url))

/** The records of a file, in order; a problem in it throws. */
const records = async (file: string): Promise<readonly unknown[]> => {
  const found: unknown[] = []
  await readRecords(await openInput(pathOf(file)), {
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

describe('what today’s clients print, beside JSON', () => {
  test.each([
    [`${HETZNER}/ansible-12.3.0-ad-hoc.txt`, 8],
    [`${HETZNER}/ansible-12.3.0-playbook.txt`, 24],
    [`${HETZNER}/ansible-12.3.0-playbook-yaml.txt`, 24],
    [`${HETZNER}/ansible-12.3.0-callback.json`, 24],
    [`${OPENSTACK}/ansible-12.3.0-ad-hoc.txt`, 1],
    [`${OPENSTACK}/ansible-12.3.0-registered.yaml`, 23],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-list-long.yaml`, 23],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-shows.yaml`, 3],
  ])('%s: %i images, nothing rejected', async (file, count) => {
    const { items, rejected, drift } = readDump(await records(file), { readers: [hetznerReader, openstackReader] })
    expect(rejected).toEqual([])
    expect(drift).toEqual([])
    expect(items).toHaveLength(count)
  })

  test('texts that look like numbers are the texts that they were', async () => {
    const [record] = await records(`${OPENSTACK}/openstack-cli-10.5.0-image-show-numbers.yaml`)
    expect(record).toMatchObject({ name: '09', tags: ['08', 'web'], properties: { answer: 'yes', build: '1e3', date: '2001-12-14', os_version: '09', patch: '0o17', sixty: '1:30' } })
  })

  test.each([
    [`${HETZNER}/hcloud-python-2.27.0-images-print.txt`, /Python’s notation.*json\.dumps/],
    [`${OPENSTACK}/openstacksdk-4.22.0-images-print.txt`, /Python’s notation/],
    [`${OPENSTACK}/openstacksdk-4.22.0-images-objects.txt`, /Python’s notation/],
    [`${OPENSTACK}/openstack-cli-10.5.0-image-show-debian.value.txt`, /-f value.*-f json/],
  ])('%s is refused by name', async (file, reason) => {
    await expect(records(file)).rejects.toThrow(reason)
  })
})
