export { recordArbitrary, type RecordWords } from './arbitrary.ts'
export { bareImage, type ImageValues } from './bare-image.ts'
export type { FaultInjection, CheckResources, Timing } from './check-resources.ts'
export { NotApplicable, type Bench, type Check, type Extra, type Other } from './check.ts'
export { arbitraryFor, codecLaws, wireCodecLaws, type TestRunner } from './codec-laws.ts'
export { mappingLaws, type MappingLawsOptions } from './mapping-laws.ts'
export { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.ts'
export type { FarFault, FaultPort } from './fault-port.ts'
export { failingAt, loopingAt, type PageAnswer, type PageFault } from './memory/fault.ts'
export { createHurriedTiming, type HurriedTiming } from './hurried-timing.ts'
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
