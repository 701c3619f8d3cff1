type JsonObject = Readonly<Record<string, unknown>>

/** A record of Glance with all required fields. */
export const glance = (overrides: JsonObject = {}): JsonObject => ({
  id: '6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70',
  name: 'debian-12',
  status: 'active',
  visibility: 'private',
  os_hidden: false,
  protected: false,
  checksum: null,
  disk_format: 'qcow2',
  container_format: 'bare',
  min_disk: 2,
  min_ram: 512,
  size: 1024,
  virtual_size: null,
  owner: '2b27062f1db14cc2bcf47e555c49f9de',
  tags: [],
  created_at: '2026-11-22T16:14:52Z',
  updated_at: '2026-11-22T16:14:52Z',
  file: '/v2/images/6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70/file',
  self: '/v2/images/6e3f2a0b-a0f8-4d31-8c46-c2f40e3a2c70',
  schema: '/v2/schemas/image',
  ...overrides,
})

/** A record of a snapshot of Hetzner Cloud. */
export const hetzner = (overrides: JsonObject = {}): JsonObject => ({
  id: 322189934,
  type: 'snapshot',
  status: 'available',
  name: null,
  description: 'before the upgrade',
  image_size: 0.5,
  disk_size: 20,
  created: '2026-03-09T17:55:14+00:00',
  created_from: { id: 98765432, name: 'web-1' },
  bound_to: null,
  os_flavor: 'ubuntu',
  os_version: '24.04',
  architecture: 'x86',
  rapid_deploy: false,
  protection: { delete: false },
  deprecation: null,
  deprecated: null,
  deleted: null,
  labels: {},
  ...overrides,
})

/** A hostile name with escape sequences, C1 controls, bidirectional marks and line breaks. */
export const HOSTILE =
  'a\u001b[31mred\u001b]0;title\u0007\u009b31m\u202egnp.exe\u2066x\u2069\nline\r\t\u2028\u2029\u0085\u007f'

/** Characters that must not reach a terminal, except the line feed at the end of a line. */
export const DRIVES_TERMINAL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/

/** Nested arrays of this depth, as JSON. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
