import type { Image } from '@imago/core'
import type { Ovf } from '../archive/ovf.ts'

/** What is known of a disk that has no record of an image: by the description that came with it. */
export interface MachineDescription extends Pick<Image, 'os' | 'boot' | 'architecture'> {
  /** In bytes. */
  readonly minDisk: number | null
  /** In bytes. */
  readonly minRam: number | null
  /** Who says so, as a reason. */
  readonly reason: string
}

/** What is described is the machine: of its disks, one was taken. */
type Machine = Omit<Ovf, 'disks'>

type OsWords = readonly [family: 'linux' | 'windows' | 'bsd' | null, distro: string | null]

/**
 * How VMware's words for operating systems (the vSphere API's VirtualMachineGuestOsIdentifier) and VirtualBox's (VBoxManage list ostypes) begin, in lower case without `_`. Longer ones first.
 * Distributions by their ids in os-release.
 */
const WORDS: readonly (readonly [string, OsWords])[] = [
  ['almalinux', ['linux', 'almalinux']],
  ['amazonlinux', ['linux', 'amzn']],
  ['archlinux', ['linux', 'arch']],
  ['centos', ['linux', 'centos']],
  ['debian', ['linux', 'debian']],
  ['fedora', ['linux', 'fedora']],
  ['opensuse', ['linux', null]],
  ['oraclelinux', ['linux', 'ol']],
  ['oracle', ['linux', 'ol']],
  ['redhat', ['linux', 'rhel']],
  ['rhel', ['linux', 'rhel']],
  ['rockylinux', ['linux', 'rocky']],
  ['sles', ['linux', 'sles']],
  ['ubuntu', ['linux', 'ubuntu']],
  ['vmwarephoton', ['linux', 'photon']],
  ['coreos', ['linux', null]],
  ['otherlinux', ['linux', null]],
  ['linux', ['linux', null]],
  ['asianux', ['linux', null]],
  ['gentoo', ['linux', 'gentoo']],
  ['freebsd', ['bsd', 'freebsd']],
  ['win', ['windows', null]],
]

/** The numbers of CIM_OperatingSystem.OsType that name one system (DMTF, CIM schema 2.25), as VirtualBox's ovfreader.h lists them. */
const IDS: Readonly<Record<number, OsWords>> = {
  36: ['linux', null],
  42: ['bsd', 'freebsd'],
  78: ['bsd', 'freebsd'],
  79: ['linux', 'rhel'],
  80: ['linux', 'rhel'],
  84: ['linux', 'sles'],
  85: ['linux', 'sles'],
  93: ['linux', 'ubuntu'],
  94: ['linux', 'ubuntu'],
  95: ['linux', 'debian'],
  96: ['linux', 'debian'],
  99: ['linux', null],
  100: ['linux', null],
  101: ['linux', null],
  106: ['linux', 'centos'],
  107: ['linux', 'centos'],
  108: ['linux', 'ol'],
  109: ['linux', 'ol'],
}

/** VMware's words for kernels: `other5xLinux64Guest`. */
const KERNEL = /^other\d{0,2}x?linux/

const MOST_WORD = 64

const systemOf = ({ osType, osId }: Machine): { readonly words: OsWords; readonly version: string | null } => {
  // `debian12_64Guest` and `Debian12_64` are `debian12`; `ubuntu64Guest` is `ubuntu`.
  const word = (osType ?? '')
    .slice(0, MOST_WORD)
    .toLowerCase()
    .replace(/guest$/, '')
    .replace(/_?(?:arm)?64$/, '')
    .replaceAll(/[_-]/g, '')
    .replace(/^arm/, '')
  const found: OsWords | undefined = KERNEL.test(word)
    ? ['linux', null]
    : WORDS.find(([start]) => word.startsWith(start))?.[1]
  return {
    words: found ?? (osId === null ? undefined : IDS[osId]) ?? [null, null],
    version: /^[a-z]+(\d{1,2})$/.exec(word)?.[1] ?? null,
  }
}

/** Words for systems of 64 bits end in it; those for ARM begin with that (VMware), or end in it (VirtualBox). */
const architectureOf = ({ osType }: Machine): string | null => {
  const word = (osType ?? '').slice(0, MOST_WORD).toLowerCase()
  if (/^arm|arm64$/.test(word)) return 'aarch64'
  return /64guest$|_64$/.test(word) ? 'x86_64' : null
}

/** What an OVF tells of the image: its VirtualHardwareSection holds what the machine requires (DSP0243, 8). */
export const describeMachine = (machine: Machine, capacity: number | null): MachineDescription => {
  const {
    words: [family, distro],
    version,
  } = systemOf(machine)
  return {
    os: { family, distro, version: distro === null ? null : version, defaultUser: null },
    boot: { firmware: machine.firmware, secureBoot: machine.secureBoot === true ? 'required' : null },
    architecture: architectureOf(machine),
    minDisk: capacity,
    minRam: machine.memory,
    reason: 'by the OVF of the archive',
  }
}
