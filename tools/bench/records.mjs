// Generates records in the format of the APIs, deterministically: the same on every machine.

const pad = (n, width) => String(n).padStart(width, '0')
const hex = (seed, length) => {
  let text = ''
  for (let state = (seed * 2654435761) >>> 0; text.length < length; state = (state * 1664525 + 1013904223) >>> 0)
    text += pad(state.toString(16), 8)
  return text.slice(0, length)
}
const date = (i) => new Date(Date.UTC(2024, 0, 1) + i * 61_000).toISOString().replace('.000', '')

const FLAVORS = [
  ['ubuntu', '24.04'],
  ['debian', '12'],
  ['fedora', '42'],
  ['rocky', '9'],
  ['alma', '9'],
]

/** Half of the records are snapshots, a quarter backups, as in a project with many images. */
export const hetznerRecord = (i) => {
  const [flavor, version] = FLAVORS[i % FLAVORS.length]
  const type = i % 4 === 0 ? 'backup' : i % 4 === 3 ? 'system' : 'snapshot'
  return {
    id: 100_000_000 + i,
    type,
    status: 'available',
    name: type === 'system' ? `${flavor}-${version}` : null,
    description: type === 'system' ? `${flavor} ${version}` : `nightly of web-${i}`,
    image_size: type === 'system' ? null : 1.5 + (i % 1000) / 64,
    disk_size: type === 'system' ? 5 : 40,
    created: date(i),
    created_from: type === 'system' ? null : { id: 40_000_000 + i, name: `web-${i}` },
    bound_to: type === 'backup' ? 40_000_000 + i : null,
    os_flavor: flavor,
    os_version: version,
    rapid_deploy: type === 'system',
    protection: { delete: i % 7 === 0 },
    deprecation: i % 10 === 0 ? { announced: date(i), unavailable_after: date(i + 100_000) } : null,
    deleted: null,
    labels:
      type === 'snapshot'
        ? { env: i % 2 === 0 ? 'prod' : 'test', app: `web-${i % 50}`, 'example.com/team': 'infra' }
        : {},
    architecture: i % 3 === 0 ? 'arm' : 'x86',
  }
}

const DISTROS = [
  ['debian', '12'],
  ['ubuntu', '24.04'],
  ['fedora', '41'],
  ['rocky', '9.5'],
  ['windows', '2022'],
]

/** Each record has nine properties and two tags, as in a catalogue of public images; Nova created every fifth from a server. */
export const glanceRecord = (i) => {
  const [distro, version] = DISTROS[i % DISTROS.length]
  const id = `${hex(i + 1, 8)}-${hex(i + 2, 4)}-4${hex(i + 3, 3)}-8${hex(i + 4, 3)}-${hex(i + 5, 12)}`
  return {
    os_distro: distro,
    os_version: version,
    os_type: distro === 'windows' ? 'windows' : 'linux',
    architecture: 'x86_64',
    hw_firmware_type: 'uefi',
    hw_machine_type: 'q35',
    hw_disk_bus: 'virtio',
    hw_qemu_guest_agent: 'yes',
    build: pad(i, 5),
    ...(i % 5 === 0 ? { image_type: 'snapshot', instance_uuid: id, base_image_ref: id, user_id: hex(i, 32) } : {}),
    name: `${distro}-${version}-${pad(i, 5)}`,
    disk_format: 'qcow2',
    container_format: 'bare',
    visibility: i % 2 === 0 ? 'public' : 'private',
    size: 728_064 + i * 4096,
    virtual_size: 10 * 2 ** 30,
    status: 'active',
    checksum: hex(i, 32),
    protected: false,
    min_ram: 512,
    min_disk: 10,
    owner: hex(i % 20, 32),
    os_hidden: false,
    os_hash_algo: 'sha512',
    os_hash_value: hex(i, 128),
    id,
    created_at: date(i),
    updated_at: date(i + 5),
    tags: [distro, `batch-${Math.floor(i / 100)}`],
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    schema: '/v2/schemas/image',
    stores: 'fast',
  }
}

/** Records of both providers in turn. */
export const mixedRecord = (i) => (i % 2 === 0 ? hetznerRecord(i) : glanceRecord(i))

export const RECORDS = { hetzner: hetznerRecord, openstack: glanceRecord }
