import { describe, expect, it } from '@jest/globals'
import { familyOfDistro, toDistro, toFamily } from '../../src/map-image/operating-system.ts'
import { readField } from './reading.ts'

describe('operating system', () => {
  it.each([
    ['debian', 'debian', 'linux'],
    // Spellings that Glance's documentation calls deprecated.
    ['org.debian', 'debian', 'linux'],
    ['Ubuntu', 'ubuntu', 'linux'],
    ['canonical', 'ubuntu', 'linux'],
    ['redhat', 'rhel', 'linux'],
    ['com.redhat', 'rhel', 'linux'],
    ['org.fedoraproject', 'fedora', 'linux'],
    ['rockylinux', 'rocky', 'linux'],
    ['suse', 'opensuse', 'linux'],
    ['archlinux', 'arch', 'linux'],
    ['windoze', 'windows', 'windows'],
    ['FreeBSD', 'freebsd', 'bsd'],
    // Values of os-release and libosinfo that are not on Glance's list.
    ['almalinux', 'almalinux', 'linux'],
    ['sles', 'sles', 'linux'],
    ['win', 'windows', 'windows'],
    ['hannah-montana', 'hannah-montana', undefined],
    ['constructor', 'constructor', undefined],
    ['', null, undefined],
    [null, null, undefined],
    [undefined, undefined, undefined],
  ])('for os_distro %p, returns distro %p and family %p', (given, distro, family) => {
    expect(toDistro(given)).toBe(distro)
    expect(familyOfDistro(given)).toBe(family)
  })

  it.each([
    ['linux', 'linux'],
    ['windows', 'windows'],
    ['Linux', 'linux'],
    ['other', undefined],
    ['', null],
    [null, null],
    [undefined, undefined],
  ])('for os_type %p, returns family %p', (given, expected) => expect(toFamily(given)).toBe(expected))

  it.each([
    [{ os_type: 'linux', os_distro: 'windows' }, ['linux', 'declared']],
    [{ os_distro: 'freebsd' }, ['bsd', 'inferred']],
    [{ os_type: 'other', os_distro: 'freebsd' }, ['bsd', 'inferred']],
    [{ os_type: '', os_distro: 'debian' }, ['linux', 'inferred']],
    [{ os_type: '' }, [null, 'declared']],
    [{}, [null, 'unknown']],
  ])('for %j, returns family %j', (record, expected) => expect(readField(record, 'os.family')).toEqual(expected))

  it.each([
    [{ os_admin_user: 'debian', image_original_user: 'ubuntu' }, ['debian', 'declared']],
    [{ image_original_user: 'ubuntu' }, ['ubuntu', 'declared']],
    [{ os_admin_user: '', image_original_user: 'ubuntu' }, ['ubuntu', 'declared']],
    [{ os_admin_user: '' }, [null, 'declared']],
    [{}, [null, 'unknown']],
  ])('for %j, returns default user %j', (record, expected) =>
    expect(readField(record, 'os.defaultUser')).toEqual(expected),
  )
})
