import { DEMO, type Seed } from './seed.ts'

const DISTROS = [
  ['ubuntu', '24.04'],
  ['debian', '12'],
  ['fedora', '42'],
  ['rocky', '9'],
] as const

const START = Date.UTC(2026, 0, 1)

/** Creates this many private images, one second apart, for lists of any length. */
export const generatedImages = (count: number): readonly Seed[] =>
  Array.from({ length: count }, (_, index): Seed => {
    const [distro, version] = DISTROS[index % DISTROS.length] ?? DISTROS[0]
    return {
      key: `generated-${index}`,
      name: `generated-${String(index).padStart(5, '0')}`,
      owner: DEMO,
      visibility: 'private',
      created: new Date(START + index * 1000).toISOString(),
      disk_format: 'raw',
      container_format: 'bare',
      bytes: 1024 + (index % 1024),
      tags: [`batch-${index % 10}`, distro],
      properties: {
        os_distro: distro,
        os_version: version,
        os_type: 'linux',
        architecture: index % 3 === 0 ? 'aarch64' : 'x86_64',
        hw_disk_bus: 'virtio',
        hw_scsi_model: 'virtio-scsi',
        hw_qemu_guest_agent: 'yes',
        os_require_quiesce: 'yes',
        image_build_date: '2026-01-01',
      },
    }
  })
