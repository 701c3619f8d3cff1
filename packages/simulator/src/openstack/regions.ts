import type { RegionPaths } from './keystone/catalog.ts'

/** The path of Keystone. Each service has its own path, as in DevStack. */
export const IDENTITY = '/identity'

export const toRegionPaths = (regions: readonly string[]): readonly RegionPaths[] =>
  regions.map((region, index) =>
    index === 0
      ? { region, image: '/image', compute: '/compute', volume: '/volume' }
      : { region, image: `/${region}/image`, compute: `/${region}/compute`, volume: `/${region}/volume` },
  )
