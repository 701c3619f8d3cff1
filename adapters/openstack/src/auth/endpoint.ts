import type { ServiceKey } from '../options.ts'

/** Where a service is. */
export interface Endpoint {
  readonly service: ServiceKey
  /** What paths are put under: without a slash at its end; Glance's without, Nova's and Keystone's with the version. */
  readonly url: string
  /** Who says so: the catalog, the configuration (`endpointOverride`), or the address that one logs in at. */
  readonly from: 'catalog' | 'override' | 'auth-url'
  /** As the catalog has them; `null` where that was not asked, or does not say. */
  readonly interface: string | null
  readonly region: string | null
  readonly serviceType: string | null
  readonly serviceName: string | null
}
