import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { emptyOf, FIELD_NAMES, fieldOf, readDump, type FieldName, type Image } from '@imago/core'
import { openstackReader } from '../src/offline.ts'

const folder = new URL('../../../schemas/openstack/fixtures/newest-clients/', import.meta.url)

const read = (file: string): readonly Image[] => {
  const { items, rejected, drift } = readDump(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), { readers: [openstackReader], provider: 'openstack' })
  expect(rejected).toEqual([])
  expect(drift).toEqual([])
  return items
}

const api = new Map(read('simulator-api-images.json').map((image) => [image.ref.id, image]))

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The order of labels and properties means nothing. */
const spelled = (value: unknown): string => JSON.stringify(isObject(value) ? Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)) : value)

/** Of all images of a dump: the fields that it does not say, though the API does, and those of which it says something else. */
const differences = (file: string): string => {
  const images = read(file)
  const differ = (isWanted: (isEmpty: boolean) => boolean): readonly FieldName[] =>
    FIELD_NAMES.filter((field) =>
      images.some((image) => {
        const said = spelled(fieldOf(image, field))
        return said !== spelled(fieldOf(api.get(image.ref.id) as Image, field)) && isWanted(said === spelled(emptyOf(field)))
      }),
    )
  const told = (word: string, fields: readonly FieldName[]): string => (fields.length === 0 ? '' : `; ${word}: ${fields.join(' ')}`)
  return `${images.length} images${told('lost', differ((isEmpty) => isEmpty))}${told('changed', differ((isEmpty) => !isEmpty))}`
}

/** What each client loses of what the API says, or changes. */
const EXPECTED: Readonly<Record<string, string>> = {
  'glanceclient-4.13.0-images.json': '23 images',
  'hand-pulumi-stack-export.json': '2 images; lost: status providerStatus size.virtual',
  'hand-terraform-output.json': '1 images; lost: status providerStatus size.virtual',
  'hand-terraform-show.json': '2 images; lost: status providerStatus size.virtual',
  'hand-terraform.tfstate.json': '2 images; lost: status providerStatus size.virtual',
  'openstack-cli-10.5.0-image-list-columns.json': '23 images; lost: description kind status providerStatus hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt unavailableAfter origins stores properties',
  'openstack-cli-10.5.0-image-list-long.json': '23 images; lost: description kind hidden architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot size.virtual size.minDisk size.minRam createdAt updatedAt unavailableAfter origins stores properties',
  'openstack-cli-10.5.0-image-list.json': '23 images; lost: description kind visibility hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt unavailableAfter origins stores tags properties',
  'openstack-cli-10.5.0-image-show-columns.json': '1 images; lost: kind status providerStatus visibility owner protected format.disk format.container size.stored size.virtual size.minDisk size.minRam createdAt updatedAt tags; changed: digests properties',
  'openstack-cli-10.5.0-image-show-debian.json': '1 images; changed: properties',
  'openstack-cli-10.5.0-image-show-snapshot.json': '1 images; changed: properties',
  'openstacksdk-4.22.0-cloud-list-images.json': '23 images; lost: properties; changed: properties',
  'openstacksdk-4.22.0-images.json': '23 images; lost: properties; changed: properties',
}

test('all dumps are compared', () => {
  expect(Object.keys(EXPECTED)).toEqual(readdirSync(folder).filter((file) => file.endsWith('.json') && !file.startsWith('simulator')).sort())
  expect(api.size).toBeGreaterThan(20)
})

test.each(Object.entries(EXPECTED))('%s', (file, expected) => expect(differences(file)).toBe(expected))
