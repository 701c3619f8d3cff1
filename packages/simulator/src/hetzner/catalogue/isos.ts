import { toWireDeprecation, type Era } from '../era.ts'
import type { Architecture } from '../image.ts'

export interface Iso {
  readonly id: number
  readonly name: string | null
  readonly description: string
  readonly type: 'public' | 'private'
  /** null: all architectures. */
  readonly architecture: Architecture | null
  readonly isDeprecated: boolean
}

const toIso = (
  id: number,
  name: string | null,
  description: string,
  architecture: Architecture | null,
  isDeprecated = false,
): Iso => ({
  id,
  name,
  description,
  type: name === null ? 'private' : 'public',
  architecture,
  isDeprecated,
})

export const ISOS: readonly Iso[] = [
  toIso(26, 'virtio-win-0.1.141.iso', 'Virtio Drivers 0.1.141', 'x86', true),
  toIso(8637, 'alpine-virt-3.21.2-aarch64.iso', 'Alpine Linux 3.21.2 (aarch64)', 'arm'),
  toIso(8638, 'alpine-virt-3.21.2-x86_64.iso', 'Alpine Linux 3.21.2 (x86_64)', 'x86'),
  toIso(112_710, 'debian-12.9.0-amd64-netinst.iso', 'Debian 12.9.0 (amd64/netinstall)', 'x86'),
  toIso(112_711, 'debian-12.9.0-arm64-netinst.iso', 'Debian 12.9.0 (arm64/netinstall)', 'arm'),
  toIso(113_004, 'FreeBSD-14.2-RELEASE-amd64-disc1.iso', 'FreeBSD 14.2 (amd64)', 'x86'),
  toIso(113_005, 'FreeBSD-14.2-RELEASE-arm64-aarch64-disc1.iso', 'FreeBSD 14.2 (arm64)', 'arm'),
  toIso(118_300, 'netboot.xyz.iso', 'netboot.xyz', null),
  toIso(119_105, 'nixos-minimal-25.05-x86_64-linux.iso', 'NixOS 25.05 minimal (x86_64)', 'x86'),
  toIso(121_220, 'ubuntu-24.04.2-live-server-amd64.iso', 'Ubuntu 24.04.2 Server (amd64)', 'x86'),
  toIso(121_221, 'ubuntu-24.04.2-live-server-arm64.iso', 'Ubuntu 24.04.2 Server (arm64)', 'arm'),
  toIso(122_918, 'virtio-win-0.1.266.iso', 'Virtio Drivers 0.1.266', 'x86'),
  toIso(124_000, null, 'rescue-toolkit.iso', 'x86'),
]

const DEPRECATION = {
  announced: Date.parse('2024-01-15T00:00:00Z'),
  unavailableAfter: Date.parse('2030-01-15T00:00:00Z'),
}

/** https://docs.hetzner.cloud/reference/cloud#tag/isos */
export const toWireIso = ({ id, name, description, type, architecture, isDeprecated }: Iso, era: Era): unknown => ({
  id,
  name,
  description,
  type,
  deprecation: toWireDeprecation(isDeprecated ? DEPRECATION : null, era),
  architecture,
})
