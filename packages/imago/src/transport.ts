/** For tools that open clouds as the command does: with the proxies and TLS settings of each. Loads HTTP, and of a provider its live half when a cloud is opened. */
export { createConnections, type Connections, type ConnectionsOptions } from './connections.ts'
export { openCloud } from './open-cloud.ts'
export { findProxies } from './proxies.ts'
