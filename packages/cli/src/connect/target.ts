import type { Cloud, HetznerCloud, OpenstackCloud, OpenstackRegion } from '@imago/config'
import type { CloudIdentity } from '@imago/core'

export { nameOf, placeOf } from '../place-name.ts'

/** One place that has images of its own: a cloud, or where it has regions one of them. */
export type Target =
  | { readonly provider: 'hetzner'; readonly cloud: HetznerCloud; readonly region: null }
  | { readonly provider: 'openstack'; readonly cloud: OpenstackCloud; readonly region: OpenstackRegion }

/** The targets of a cloud, in the order of its configuration. */
export const targetsOf = (cloud: Cloud): readonly Target[] =>
  cloud.provider === 'hetzner' ? [{ provider: 'hetzner', cloud, region: null }] : cloud.regions.map((region) => ({ provider: 'openstack', cloud, region }))

/** What errors and images call the target. */
export const identityOf = ({ provider, cloud, region }: Target): CloudIdentity => ({ provider, cloud: cloud.name, region: region?.name ?? null })
