import {
  READ,
  type CloudIdentity,
  type Image,
  type Origin,
  type Prices,
  type Usage,
  type UsageEdge,
} from '@imago/core/provider'
import type { Project } from './access.ts'
import type { MemoryUser } from './options.ts'
import type { Stored } from './store.ts'

export const MEMORY_PRICES: Prices = {
  currency: 'EUR',
  perGbMonth: { net: '0.01', gross: null },
  bytesPerGb: 1e9,
  basis: { system: 'size', app: 'size', snapshot: 'size', backup: 'size', image: 'size', unknown: 'size' },
}

/** Converts an origin of `image` to the reference that it states. */
const toEdge = (
  { ref, name }: Image,
  { relation, kind, id, name: originName }: Origin,
  at: number,
): readonly UsageEdge[] => {
  if (id === null || kind === 'url') return []
  const stated = { via: `images[].origins[${at}]`, evidence: 'declared', dependsOn: false } as const
  return kind === 'server'
    ? [
        {
          ...stated,
          image: ref,
          by: { kind: 'server', id, name: originName },
          relation: relation === 'bound-to' ? 'bound' : 'origin',
        },
      ]
    : [{ ...stated, image: { ...ref, id }, by: { kind: 'image', id: ref.id, name }, relation: 'uses' }]
}

/** Collects the users of the images of a cloud in memory: those in its options, and the origins of `images`. */
export const createUsage = (
  cloud: CloudIdentity,
  project: Project,
  users: readonly MemoryUser[],
  images: readonly Image[],
  stored: Iterable<Stored>,
): Usage => ({
  edges: [
    ...users.map(({ image, by, dependsOn }): UsageEdge => ({
      image: { ...cloud, id: image },
      by,
      relation: 'uses',
      via: 'users[].image',
      evidence: 'declared',
      dependsOn,
    })),
    ...images.flatMap((image) => image.origins.flatMap((origin, at) => toEdge(image, origin, at))),
  ],
  sources: [
    { name: 'users', ...READ },
    { name: 'images', ...READ },
  ],
  view:
    project === null
      ? { kind: 'everyone' }
      : {
          kind: 'project',
          project,
          shared: [...stored].flatMap(({ image, shares }) => (shares.size === 0 ? [] : [image.ref.id])),
        },
})
