import { FILTER_NAMES, type CapabilityName, type Image, type ImageSource } from '@imago/core/provider'
import { bareImage } from '../../src/bare-image.ts'
import { createMemoryFaults } from '../../src/memory/faults.ts'
import type { MemoryCloudOptions, MemorySourceOptions } from '../../src/memory/options.ts'
import { createMemoryCloud } from '../../src/memory/cloud.ts'
import type { Subject } from '../../src/subject.ts'

/** Images that differ in everything that can be filtered by. */
export const IMAGES: readonly Image[] = [
  {
    ...bareImage('one', {
      name: 'Ubuntu',
      architecture: 'x86_64',
      status: 'available',
      visibility: 'public',
      owner: 'mine',
      kind: 'system',
      createdAt: '2024-01-01T00:00:00Z',
      tags: ['lts'],
    }),
    os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: null },
  },
  bareImage('two', {
    name: 'Debian',
    description: 'stable',
    owner: 'me',
    labels: { team: 'web' },
    properties: { os_type: 'linux' },
    hidden: true,
    createdAt: '2025-01-01T00:00:00Z',
    deprecatedAt: '2025-06-01T00:00:00Z',
  }),
  bareImage('three', {
    name: 'Ubuntu',
    architecture: 'aarch64',
    status: 'pending',
    visibility: 'private',
    kind: 'snapshot',
    hidden: false,
    origins: [{ relation: 'based-on', kind: 'image', id: 'one', name: null, url: null }],
  }),
]

/** The content of a memory cloud besides images that the subject must declare. */
export const WORLD: MemoryCloudOptions = {
  servers: { 'server-1': Uint8Array.of(1, 2, 3), 'server-2': Uint8Array.of(3) },
  urls: { 'https://images.test/debian.raw': Uint8Array.of(4, 5) },
  stores: ['fast', 'cheap'],
  left: [
    { kind: 'server', id: 'left-1', name: 'imago-left', run: 'killed', epoch: 2, createdAt: '2024-01-01T00:00:00Z' },
  ],
}

export const SUPPLIES: Partial<Subject> = {
  server: () => 'server-1',
  url: 'https://images.test/debian.raw',
  stores: ['cheap'],
  disk: () => Uint8Array.from({ length: 3000 }, (_, at) => at % 251),
  orphan: () => ({ kind: 'server', id: 'left-1', run: 'killed', epoch: 2 }),
}

export type Wrap = (source: ImageSource) => ImageSource

/** Creates a subject whose clock advances only during sleeps, whose operations take time, and whose cloud can fail. */
export const createSubject = (options: MemorySourceOptions = {}, wrap: Wrap = (source) => source): Subject => {
  let time = 0
  const faults = createMemoryFaults()
  const createCloud = (): ReturnType<typeof createMemoryCloud> =>
    createMemoryCloud({ images: IMAGES, pageSize: 2, ...WORLD, clock: () => time, workMs: 1000, faults, ...options })
  let asking = createCloud()
  const make = (): ImageSource => {
    asking = createCloud()
    return wrap(asking({ project: 'mine', ...options }))
  }
  return {
    make,
    capabilities: make().capabilities,
    ...SUPPLIES,
    faults: { port: () => faults },
    other: () => ({ source: wrap(asking({ project: 'theirs' })), project: 'theirs' }),
    timing: {
      soonMs: 500,
      intervalMs: 300,
      deadlineMs: 5000,
      clock: () => time,
      sleep: async (ms) => void (time += ms),
    },
  }
}

/** Creates the subject of a cloud of disks, which creates images directly from bytes. */
export const createDiskSubject = (wrap: Wrap = (source) => source): Subject => ({
  ...createSubject({ disks: true, filters: FILTER_NAMES, bytes: { one: Uint8Array.of(1) } }, wrap),
  disposable: async () => 'one',
})

export const READS: readonly CapabilityName[] = [
  'owner',
  'shares',
  'servers',
  'download',
  'uploadLimits',
  'operations',
  'operation',
  'usage',
  'prices',
]
/** Methods that a provider of records without data does not need. */
export const FOREIGN: readonly CapabilityName[] = ['createFromBytes', 'estimate', 'orphans', 'deleteOrphan']
