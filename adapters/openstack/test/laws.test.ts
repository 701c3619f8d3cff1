import { describe, test } from '@jest/globals'
import type { JsonObject } from '@imago/core/provider'
import { GlanceImage } from '@imago/schema-openstack'
import { mappingLaws, recordArbitrary } from '@imago/testkit'
import { openstackReader } from '../src/offline.ts'
import {
  inGophercloud,
  inOpenstackList,
  inOpenstackSdk,
  inOpenstackShow,
  inOpenstackShow3,
  inPulumi,
  inShade,
  inTerraform,
} from './client-shapes.ts'

const records = recordArbitrary(GlanceImage, {
  words: {
    architecture: ['x86_64', 'AMD64', 'arm64', 'ppc64el', ''],
    os_distro: ['debian', 'org.debian', 'centos', 'rocky', 'windows', 'freebsd', ''],
    os_type: ['linux', 'windows', 'Linux', 'other', ''],
    hw_firmware_type: ['bios', 'uefi', ''],
    os_secure_boot: ['required', 'optional', 'disabled', ''],
    image_type: ['snapshot', 'backup', ''],
    image_source: ['https://cloud.debian.org/images', 'private'],
    provided_until: ['2028-06-30', 'none', 'notice'],
    os_hash_algo: ['sha512'],
    stores: ['fast,slow', ' fast , , slow', ''],
    size: ['0'],
    __os_type: ['Linux', 'Windows', 'Other'],
    __platform: ['CentOS', 'Rocky Linux', 'Huawei Cloud EulerOS', 'Other', ''],
    __os_version: ['CentOS 7.3 64bit', 'Windows Server 2012 R2 Standard 64bit', 'Other(64 bit)'],
    __image_size: ['3221225472', '0', 'many'],
    checksum: ['d41d8cd98f00b204e9800998ecf8427e', 'None'],
    'owner_specified.openstack.sha256': ['', 'ab'],
  },
})

const DIGITS: ReadonlyMap<string, number> = new Map([
  ['checksum', 32],
  ['os_hash_value', 128],
  ['owner_specified.openstack.md5', 32],
  ['owner_specified.openstack.sha256', 64],
  ['owner_specified.shade.md5', 32],
  ['owner_specified.shade.sha256', 64],
])

/** Few generated texts are digests, so texts of even length are converted to some. */
const withDigests = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      const digits = DIGITS.get(key)
      if (key === 'os_hash_algo' && typeof value === 'string' && value.length % 3 > 0) return [key, 'sha512']
      return [
        key,
        digits !== undefined && typeof value === 'string' && value.length % 8 > 0
          ? value.length.toString(16).padStart(digits, '0')
          : value,
      ]
    }),
  )

const SHAPES: ReadonlyMap<string, (record: JsonObject) => JsonObject> = new Map([
  ['api', (record: JsonObject) => record],
  ['openstacksdk', inOpenstackSdk],
  ['openstack-show', inOpenstackShow],
  ['openstack-show-3', inOpenstackShow3],
  ['shade', inShade],
  ['terraform', inTerraform],
  ['pulumi', inPulumi],
  ['gophercloud', inGophercloud],
  ['openstack-list', inOpenstackList],
])

describe.each(openstackReader.dialects.map((dialect) => ({ dialect, name: dialect.name })))(
  '$name',
  ({ dialect, name }) => {
    const shape = SHAPES.get(name)
    if (shape === undefined) throw new Error(`no records in the shape of ${name}`)
    mappingLaws({ describe, test }, openstackReader, records.map(withDigests).map(shape), { dialect })
  },
)
