import { describe, expect, it } from '@jest/globals'
import { toDistro, toFamily } from '../../src/map-image/operating-system.ts'

describe('mapping of Hetzner images: operating system', () => {
  it.each([
    ['ubuntu', 'ubuntu', 'linux'],
    ['debian', 'debian', 'linux'],
    ['centos', 'centos', 'linux'],
    ['fedora', 'fedora', 'linux'],
    ['rocky', 'rocky', 'linux'],
    ['alma', 'almalinux', 'linux'],
    ['opensuse', 'opensuse', 'linux'],
    ['unknown', null, undefined],
    ['talos', 'talos', undefined],
    ['constructor', 'constructor', undefined],
    ['', null, undefined],
    [null, null, undefined],
    [undefined, undefined, undefined],
  ])('the os_flavor %p is mapped to the distro %p and the family %p', (flavor, distro, family) => {
    expect(toDistro(flavor)).toBe(distro)
    expect(toFamily(flavor)).toBe(family)
  })
})
