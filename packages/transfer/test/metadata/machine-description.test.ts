import { describe, expect, it } from '@jest/globals'
import { describeMachine } from '../../src/metadata/machine-description.ts'
import type { PlanMachine } from '../../src/plan/plan.ts'

const NOTHING: PlanMachine = {
  name: null,
  osType: null,
  osId: null,
  firmware: null,
  secureBoot: null,
  cpus: null,
  memory: null,
}

describe('describeMachine', () => {
  it.each([
    ['ubuntu64Guest', 'linux', 'ubuntu', null, 'x86_64'],
    ['debian12_64Guest', 'linux', 'debian', '12', 'x86_64'],
    ['rhel9_64Guest', 'linux', 'rhel', '9', 'x86_64'],
    ['oracleLinux8_64Guest', 'linux', 'ol', '8', 'x86_64'],
    ['other5xLinux64Guest', 'linux', null, null, 'x86_64'],
    ['windows2019srv_64Guest', 'windows', null, null, 'x86_64'],
    ['windows9_64Guest', 'windows', null, null, 'x86_64'],
    ['freebsd13_64Guest', 'bsd', 'freebsd', '13', 'x86_64'],
    ['arm-debian12_64Guest', 'linux', 'debian', '12', 'aarch64'],
    ['Ubuntu_64', 'linux', 'ubuntu', null, 'x86_64'],
    ['Debian12_64', 'linux', 'debian', '12', 'x86_64'],
    ['Debian_arm64', 'linux', 'debian', null, 'aarch64'],
    ['Ubuntu22_LTS_64', 'linux', 'ubuntu', null, 'x86_64'],
    ['otherGuest', null, null, null, null],
    ['x'.repeat(100_000), null, null, null, null],
  ])('recognizes the operating system %s', (osType, family, distro, version, architecture) => {
    expect(describeMachine({ ...NOTHING, osType }, null)).toMatchObject({
      os: { family, distro, version, defaultUser: null },
      architecture,
    })
  })

  it('recognizes an operating system by its CIM number if it has no name', () => {
    expect(describeMachine({ ...NOTHING, osId: 94 }, null).os).toEqual({
      family: 'linux',
      distro: 'ubuntu',
      version: null,
      defaultUser: null,
    })
    expect(describeMachine({ ...NOTHING, osId: 1 }, null).os.family).toBeNull()
  })

  it('requires Secure Boot only if it is enabled, and returns sizes unchanged', () => {
    expect(describeMachine({ ...NOTHING, secureBoot: true, firmware: 'uefi', memory: 5 }, 7)).toMatchObject({
      boot: { firmware: 'uefi', secureBoot: 'required' },
      minRam: 5,
      minDisk: 7,
    })
    expect(describeMachine({ ...NOTHING, secureBoot: false }, null).boot).toEqual({ firmware: null, secureBoot: null })
  })
})
