/**
 * Opens clouds with their proxies and TLS settings, in the same way as the command. Loads HTTP, and the live half of a provider when a cloud is
 * opened.
 */
export { createConnections, type Connections, type ConnectionsOptions } from './connections.ts'
export { openCloud } from './open-cloud.ts'
export { findProxies } from './proxies.ts'
