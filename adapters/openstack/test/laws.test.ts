import { describe, test } from '@jest/globals'
import type { JsonObject } from '@imago/core'
import { GlanceImage } from '@imago/schema-openstack'
import { mappingLaws, recordArbitrary } from '@imago/testkit'
import { openstackReader } from '../src/offline.ts'
import { inOpenstackList, inOpenstackSdk, inOpenstackShow } from './client-shapes.ts'

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
    'owner_specified.openstack.sha256': ['', 'ab'],
  },
})

const SHAPES: ReadonlyMap<string, (record: JsonObject) => JsonObject> = new Map([
  ['api', (record: JsonObject) => record],
  ['openstacksdk', inOpenstackSdk],
  ['openstack-show', inOpenstackShow],
  ['openstack-list', inOpenstackList],
])

describe.each(openstackReader.dialects.map((dialect) => ({ dialect, name: dialect.name })))('$name', ({ dialect, name }) => {
  const shape = SHAPES.get(name)
  if (shape === undefined) throw new Error(`no records in the shape of ${name}`)
  mappingLaws({ describe, test }, openstackReader, records.map(shape), { dialect })
})
