import type { Image } from '@imago/core'
import type { Ovf } from '../archive/ovf.ts'

/** A description of a disk that has no image record. */
export interface MachineDescription extends Pick<Image, 'os' | 'boot' | 'architecture'> {
  /** In bytes. */
  readonly minDisk: number | null
  /** In bytes. */
  readonly minRam: number | null
  /** Where the description comes from, as a reason. */
  readonly reason: string
}

/** An OVF describes a machine; one of its disks is transferred. */
type Machine = Omit<Ovf, 'disks'>

type OsWords = readonly [family: 'linux' | 'windows' | 'bsd' | null, distro: string | null]

/**
 * Prefixes of VMware's names for operating systems (VirtualMachineGuestOsIdentifier of the vSphere API) and of VirtualBox's (VBoxManage list ostypes), in lower case without
 * `_`, longer ones first. Distributions are os-release IDs.
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

/** Values of CIM_OperatingSystem.OsType (DMTF, CIM schema 2.25), as VirtualBox's ovfreader.h lists them. */
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

/** VMware's names for kernel versions: `other5xLinux64Guest`. */
const KERNEL = /^other\d{0,2}x?linux/

const MAX_NAME_LENGTH = 64

const parseOsType = ({ osType, osId }: Machine): { readonly words: OsWords; readonly version: string | null } => {
  // `debian12_64Guest` and `Debian12_64` are `debian12`; `ubuntu64Guest` is `ubuntu`.
  const word = (osType ?? '')
    .slice(0, MAX_NAME_LENGTH)
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

/** Names of 64-bit systems end in `64`; those of ARM begin with `arm` (VMware), or end in `arm64` (VirtualBox). */
const parseArchitecture = ({ osType }: Machine): string | null => {
  const word = (osType ?? '').slice(0, MAX_NAME_LENGTH).toLowerCase()
  if (/^arm|arm64$/.test(word)) return 'aarch64'
  return /64guest$|_64$/.test(word) ? 'x86_64' : null
}

/** Describes a machine by its OVF, whose VirtualHardwareSection states what it requires (DSP0243, 8). */
export const describeMachine = (machine: Machine, capacity: number | null): MachineDescription => {
  const {
    words: [family, distro],
    version,
  } = parseOsType(machine)
  return {
    os: { family, distro, version: distro === null ? null : version, defaultUser: null },
    boot: { firmware: machine.firmware, secureBoot: machine.secureBoot === true ? 'required' : null },
    architecture: parseArchitecture(machine),
    minDisk: capacity,
    minRam: machine.memory,
    reason: 'from the OVF in the archive',
  }
}
