import { describe, expect, it } from '@jest/globals'
import type { FieldName } from '@imago/core/provider'
import { distroOfHuawei, versionOfHuawei } from '../../src/map-image/huawei.ts'
import { read, readField } from './reading.ts'

describe('fields of Huawei-based clouds', () => {
  const record = {
    __os_type: 'Linux',
    __platform: 'CentOS',
    __os_version: 'CentOS 7.3 64bit',
    __image_size: '3221225472',
    size: 0,
    checksum: 'd41d8cd98f00b204e9800998ecf8427e',
  }

  it.each<[FieldName, unknown, string]>([
    ['os.family', 'linux', 'inferred'],
    ['os.distro', 'centos', 'inferred'],
    ['os.version', '7.3', 'inferred'],
    ['size.stored', 3_221_225_472, 'inferred'],
    ['digests', [], 'unknown'],
  ])('yield %s', (field, value, evidence) => expect(readField(record, field)).toEqual([value, evidence]))

  it.each([
    ['Ubuntu', 'ubuntu'],
    ['RedHat', 'rhel'],
    ['SUSE', 'sles'],
    ['OpenSUSE', 'opensuse'],
    ['Rocky Linux', 'rocky'],
    ['AlmaLinux', 'almalinux'],
    ['Windows', 'windows'],
    ['Huawei Cloud EulerOS', 'hce'],
    ['Other', undefined],
    ['', undefined],
    [null, undefined],
  ])('distroOfHuawei(%p) returns %p', (platform, distro) => expect(distroOfHuawei(platform)).toBe(distro))

  it.each([
    ['Ubuntu 18.04 server 64bit', '18.04'],
    ['Windows Server 2012 R2 Standard 64bit', '2012 R2'],
    ['Debian GNU/Linux 10.0.0 64bit', '10.0.0'],
    ['Other(64 bit)', undefined],
    ['64bit', undefined],
    ['x'.repeat(1000), undefined],
  ])('versionOfHuawei(%p) returns %p', (text, version) => expect(versionOfHuawei(text)).toBe(version))

  it('do not override Glance’s own fields', () => {
    const { image } = read({ ...record, os_type: 'windows', os_distro: 'debian', os_version: '12', size: 5 })
    expect(image.os).toMatchObject({ family: 'windows', distro: 'debian', version: '12' })
    expect(image.size.stored).toBe(5)
  })

  it('do not change the MD5 of an image without data', () =>
    expect(read({ size: 0, checksum: record.checksum }).image.digests).toHaveLength(1))
})
