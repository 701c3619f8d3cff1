/** For tools that discover, choose and open clouds as the command does: what `connect` is made of. Loads HTTP only when a cloud is opened. */
export { chooseClouds } from './choose-clouds.ts'
export { createConnections, type Connections } from './connections.ts'
export { discoverClouds } from './discover-clouds.ts'
export { openCloud } from './open-cloud.ts'
export { providers, type BundledProvider } from './providers.ts'
export { findProxies } from './proxies.ts'
