export type { AccountReport, ServiceState } from './account.ts'
export { formatCloud, formatImageRef, toIdentity, type Origin, type ProviderCloud, type TlsSettings } from './cloud.ts'
export { configurationError, createDiscovery, type Discovered, type Discovery, type Reporter } from './discovered.ts'
export {
  absolutePath,
  displayPath,
  pathRules,
  readVariable,
  type Environment,
  type FileReading,
} from './environment.ts'
export { withKnownId } from './known-id.ts'
export { processEnvironment } from './process-environment.ts'
export {
  PROVIDER_CONTRACT,
  type CloudRow,
  type Connector,
  type DiscoverOptions,
  type LiveCloud,
  type Provider,
  type ProviderWords,
  type Vocabulary,
} from './provider.ts'
export { Secret } from './secret.ts'
export { bytesIn } from './units.ts'
export { findUnsupportedChange } from './unsupported-change.ts'
export { findUrlFault } from './url-fault.ts'
