import { describe, expect, it } from '@jest/globals'
import { clientDumps } from './client-differences.ts'

const dumps = clientDumps('newest-clients')

/** Fields without a column in `openstack image list`, with and without `--long`. */
const LONG =
  'description kind hidden architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot size.virtual size.minDisk size.minRam createdAt updatedAt origins stores properties'
const SHORT =
  'description kind visibility hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt origins stores tags properties'

/** Differences of each client from the API; openstacksdk converts some properties to booleans and numbers. */
const EXPECTED: Readonly<Record<string, string>> = {
  'ansible-12.3.0-image-present.json':
    '1 images; changed: visibility updatedAt; other properties: hw_vif_multiqueue_enabled os_require_quiesce',
  'glanceclient-4.13.0-images.json': '15 images',
  'hand-pulumi-stack-export.json': '2 images; lost: status providerStatus size.virtual',
  'hand-terraform-output.json': '1 images; lost: status providerStatus size.virtual',
  'hand-terraform-show.json': '2 images; lost: status providerStatus size.virtual',
  'hand-terraform.tfstate.json': '2 images; lost: status providerStatus size.virtual',
  'openstack-cli-10.5.0-image-list-columns.json':
    '15 images; lost: description kind status providerStatus hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt origins stores properties',
  'openstack-cli-10.5.0-image-list-five.json':
    '15 images; lost: name description kind status providerStatus visibility hidden architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.virtual size.minDisk size.minRam createdAt updatedAt origins stores tags properties; changed: digests',
  'openstack-cli-10.5.0-image-list-hidden.json':
    '1 images; lost: kind hidden os.family os.distro os.version size.virtual size.minDisk size.minRam createdAt updatedAt stores properties',
  'openstack-cli-10.5.0-image-list-id.json':
    '15 images; lost: name description kind status providerStatus visibility hidden owner protected architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot format.disk format.container size.stored size.virtual size.minDisk size.minRam digests createdAt updatedAt origins stores tags properties',
  'openstack-cli-10.5.0-image-list-long.json': `15 images; lost: ${LONG}`,
  'openstack-cli-10.5.0-image-list-noindent.json': `15 images; lost: ${LONG}`,
  'openstack-cli-10.5.0-image-list-property.json':
    '1 images; lost: description kind hidden architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot size.virtual size.minDisk size.minRam createdAt updatedAt stores properties',
  'openstack-cli-10.5.0-image-list.json': `15 images; lost: ${SHORT}`,
  'openstack-cli-10.5.0-image-show-columns.json':
    '1 images; lost: kind status providerStatus visibility owner protected format.disk format.container size.stored size.virtual size.minDisk size.minRam createdAt updatedAt tags; changed: digests; other properties: hw_vif_multiqueue_enabled os_require_quiesce',
  'openstack-cli-10.5.0-image-show-debian.json':
    '1 images; other properties: hw_vif_multiqueue_enabled os_require_quiesce',
  'openstack-cli-10.5.0-image-show-hidden.json': '1 images',
  'openstack-cli-10.5.0-image-show-human.json':
    '1 images; lost: size.stored; other properties: hw_vif_multiqueue_enabled os_require_quiesce; drift: /size',
  'openstack-cli-10.5.0-image-show-numbers.json': '1 images',
  'openstack-cli-10.5.0-image-show-odd.json': '1 images; other properties: is_hidden owner_id',
  'openstack-cli-10.5.0-image-show-snapshot.json': '1 images; other properties: owner_id',
  'openstack-cli-10.5.0-image-show-typed.json':
    '1 images; other properties: hw_boot_menu hw_cpu_cores hw_cpu_sockets hw_video_ram hw_vif_multiqueue_enabled instance_type_rxtx_factor os_require_quiesce',
  'openstack-cli-10.5.0-image-show-unicode.json': '1 images',
  'openstacksdk-4.22.0-cloud-list-images.json':
    '15 images; other properties: hw_boot_menu hw_cpu_cores hw_cpu_sockets hw_video_ram hw_vif_multiqueue_enabled instance_type_rxtx_factor is_hidden os_require_quiesce owner_id',
  'openstacksdk-4.22.0-image-dict.json': '1 images; other properties: hw_vif_multiqueue_enabled os_require_quiesce',
  'openstacksdk-4.22.0-images-original-names.json':
    '15 images; other properties: hw_boot_menu hw_cpu_cores hw_cpu_sockets hw_video_ram hw_vif_multiqueue_enabled instance_type_rxtx_factor is_hidden os_require_quiesce owner_id',
  'openstacksdk-4.22.0-images.json':
    '15 images; other properties: hw_boot_menu hw_cpu_cores hw_cpu_sockets hw_video_ram hw_vif_multiqueue_enabled instance_type_rxtx_factor is_hidden os_require_quiesce owner_id',
}

/** A record without an ID is not an image. */
const REFUSED: Readonly<Record<string, string>> = {
  'openstack-cli-10.5.0-image-list-name.json': 'it has no ID; if it is from openstack image list, add -c ID',
  'openstack-cli-10.5.0-image-show-name.json': 'it has no id; if it is from openstack image show, add -c id',
  'openstack-cli-10.5.0-image-show-properties.json': 'it has no id; if it is from openstack image show, add -c id',
}

describe('records printed by the newest OpenStack clients', () => {
  it('every dump is compared', () =>
    expect([...Object.keys(EXPECTED), ...Object.keys(REFUSED)].sort()).toEqual(dumps.files))

  describe('client dumps', () => {
    it.each(Object.entries(EXPECTED))('differ from the API only as listed: %s', (file, expected) =>
      expect(dumps.differences(file)).toBe(expected),
    )
  })

  it.each(Object.entries(REFUSED))('refuses %s', (file, reason) => {
    const { items, rejected } = dumps.read(file)
    expect(items).toEqual([])
    expect(new Set(rejected.flatMap(({ issues }) => issues.map(({ got }) => got)))).toEqual(new Set([reason]))
  })

  describe('gophercloud with Go’s json.Marshal', () => {
    const go = clientDumps('go-clients')

    // The lost name is empty: null is written the same way.
    it('omits sizes and properties, and so all digests except MD5', () => {
      expect(go.files).toEqual(['gophercloud-2.16.0-images.json'])
      expect(go.differences('gophercloud-2.16.0-images.json')).toBe(
        '15 images; lost: name description kind architecture os.family os.distro os.version os.defaultUser boot.firmware boot.secureBoot size.stored origins stores properties; changed: digests',
      )
    })
  })
})
