export type { AccountReport, ServiceState } from './account.ts'
export {
  formatCloud,
  formatImageRef,
  toIdentity,
  type ConfigOrigin,
  type ProviderCloud,
  type TlsSettings,
} from './cloud.ts'
export {
  configurationError,
  createDiscovery,
  type DiscoveredClouds,
  type Discovery,
  type ProblemReporter,
} from './discovered.ts'
export {
  absolutePath,
  displayPath,
  getPathModule,
  readVariable,
  type Environment,
  type FileContent,
} from './environment.ts'
export { deleteOrphanedResource, explainKeepingByLabels, type OrphanDeletion } from './delete-orphan.ts'
export { formatNotFound } from './format-not-found.ts'
export { withParsedId } from './known-id.ts'
export { parseNumericId } from './numeric-id.ts'
export { processEnvironment } from './process-environment.ts'
export {
  PROVIDER_CONTRACT,
  type CloudRow,
  type Connector,
  type DiscoverOptions,
  type LiveCloud,
  type Provider,
  type ProviderWords,
  type RemainingResource,
  type Vocabulary,
} from './provider.ts'
export { allowMissing, recoverFrom } from './recover.ts'
export { toOrphan, type TaggedResource } from './orphan.ts'
export {
  createRunName,
  createRunLabels,
  createTemporaryLabels,
  createTemporaryName,
  findRunProblem,
  isTemporary,
  isTemporaryOf,
  readRunLabel,
  type Labels,
} from './run-tags.ts'
export { Secret } from './secret.ts'
export { unitToBytes } from './units.ts'
export { unlessAborted } from './unless-aborted.ts'
export { refuseUnsupportedChange } from './unsupported-change.ts'
export { findUrlProblem } from './url-fault.ts'
export { readUsageImages, readUsageList, toUsage, type UsageList, type UsagePage } from './usage-lists.ts'
