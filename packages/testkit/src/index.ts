export { recordArbitrary, type RecordWords } from './arbitrary.ts'
export { bareImage, type ImageValues } from './bare-image.ts'
export type { FaultInjection, CheckResources, Timing } from './check-resources.ts'
export { NotApplicable, type CheckContext, type Check, type OptionalResource, type SecondProject } from './check.ts'
export { arbitraryFor, codecLaws, wireCodecLaws, type TestRunner } from './codec-laws.ts'
export { mappingLaws, type MappingLawsOptions } from './mapping-laws.ts'
export { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts'
export type { ServerFault, FaultPort } from './fault-port.ts'
export { failingAt, loopingAt, type PendingPage, type PageFault } from './memory/fault.ts'
export { createFastTiming, type FastTiming } from './fast-timing.ts'
export { createMemoryEnvironment, type MemoryEnvironment } from './memory/environment.ts'
export { createMemoryFaults, type MemoryFaults } from './memory/faults.ts'
export type { MemoryCloudOptions, MemoryCredentials, MemorySourceOptions, MemoryUser } from './memory/options.ts'
export { createMemoryCloud } from './memory/cloud.ts'
export { createMemorySource } from './memory/source.ts'
export { PROMISES, quote, type PromiseName, type SourcePromise } from './promises.ts'
export { faultsOfSimulator, type SimulatorControls } from './simulator-faults.ts'
export {
  checkImageSource,
  imageSourceSuite,
  SOURCE_CHECKS,
  type CheckResult,
  type Runner,
  type Subject,
} from './source-suite.ts'
