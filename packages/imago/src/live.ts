/**
 * The live half of the library: the clouds that this machine is configured for, and functions that create sources for others. Loads HTTP, unlike
 * `imago`.
 */
export {
  createHetznerApi,
  createHetznerSource,
  type HetznerApi,
  type HetznerOptions,
  type HetznerSession,
} from '@imago/adapter-hetzner'
export {
  createOpenstackApi,
  createOpenstackSource,
  type OpenstackApi,
  type OpenstackOptions,
  type OpenstackSession,
} from '@imago/adapter-openstack'
export {
  createTransport,
  systemTiming,
  type ClientOptions,
  type InterceptedRequest,
  type Timing,
  type Transport,
} from '@imago/http'
export { connect, type ConnectResult, type ConnectedCloud, type ConnectOptions } from './connect.ts'
export { providers, type BundledProvider } from './providers.ts'

export { processEnvironment, type Environment, type LiveCloud, type Provider } from '@imago/provider-kit'
