import type { CloudIdentity, CloudObservation, Image, Observation, UsageEdge } from '@imago/core'
import { bareImage, type ImageValues } from '@imago/testkit'
import type { ReportInput } from '../src/index.ts'

export const CLOUD: CloudIdentity = { provider: 'memory', cloud: 'prod', region: null }

export const supportData: ReportInput['supportData'] = {
  date: '2026-08-22',
  sources: {},
  releases: [
    {
      system: 'debian',
      version: '12',
      codename: null,
      released: null,
      standardEnd: '2026-07-11',
      ltsEnd: null,
      paidEnd: null,
      sources: [],
    },
    {
      system: 'ubuntu',
      version: '24.04',
      codename: null,
      released: null,
      standardEnd: '2029-05-31',
      ltsEnd: null,
      paidEnd: null,
      sources: [],
    },
  ],
}

/** A snapshot of the own project. */
export const snapshot = (id: string, fields: ImageValues = {}): Image =>
  bareImage(
    id,
    {
      kind: 'snapshot',
      status: 'available',
      visibility: 'private',
      owner: 'mine',
      protected: false,
      size: { stored: 10e9 },
      os: { distro: 'debian', version: '12' },
      ...fields,
    },
    CLOUD,
  )

/** A cloud in which a server uses the image `used`. */
export const observe = (images: readonly Image[]): Observation => ({
  at: '2026-11-30T00:00:00Z',
  clouds: [
    {
      cloud: CLOUD,
      images: { items: images, completeness: 'read', reason: null },
      usage: {
        edges: [
          {
            image: { ...CLOUD, id: 'used' },
            by: { kind: 'server', id: 's1', name: 'web-1' },
            relation: 'uses',
            via: 'servers[].image.id',
            evidence: 'declared',
            dependsOn: false,
          } satisfies UsageEdge,
        ],
        sources: [{ name: 'servers', completeness: 'read', reason: null }],
        view: { kind: 'project', project: 'mine', shared: [] },
      },
      prices: {
        prices: {
          currency: 'EUR',
          perGbMonth: { net: '0.01', gross: '0.0119' },
          bytesPerGb: 1e9,
          basis: { snapshot: 'size' },
        },
        completeness: 'read',
        reason: null,
      },
    },
  ],
})

/** The cloud of `observe`, changed. */
export const observeCloud = (images: readonly Image[], more: Partial<CloudObservation> = {}): CloudObservation => {
  const [cloud] = observe(images).clouds
  if (cloud === undefined) throw new Error('observe returns one cloud')
  return { ...cloud, ...more }
}

export const NO_PRICES: CloudObservation['prices'] = { prices: null, completeness: 'unsupported', reason: null }

/** Usage of which only the servers were asked for, in vain. */
export const NO_USAGE: CloudObservation['usage'] = {
  edges: [],
  sources: [{ name: 'servers', completeness: 'forbidden', reason: 'the role is missing' }],
  view: { kind: 'project', project: 'mine', shared: [] },
}

/** A listing that ended after some images. */
export const cutOff = (images: readonly Image[]): CloudObservation['images'] => ({
  items: images,
  completeness: 'failed',
  reason: 'cut off',
})
