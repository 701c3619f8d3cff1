export { createManualClock, systemClock, type Clock, type ManualClock } from './clock.ts'
export type { Fault, FaultRule } from './faults/fault.ts'
export { createFaults, type Faults, type StandingRule, type Strike } from './faults/rules.ts'
export type { RequestLog, SeenRequest } from './request-log.ts'
export type { ListenOptions, RunningServer } from './server.ts'
export type { ActionFailure } from './hetzner/action.ts'
export type { Era } from './hetzner/era.ts'
export {
  createHetznerSimulator,
  type HetznerSimulator,
  type HetznerSimulatorOptions,
  type SimulatedProject,
} from './hetzner/index.ts'
export type { RateLimitOptions } from './hetzner/rate-limit.ts'
export type { Disks, DiskKey } from './hetzner/rescue/disks.ts'
export type { RescueOptions } from './hetzner/rescue/options.ts'
export type { BootOptions, Rescue } from './hetzner/rescue/rescue.ts'
export { simulate, type SimulateOptions, type Simulation } from './simulate.ts'
export type { GlanceFormats, GlanceQuotas } from './openstack/glance/state.ts'
export { createOpenstackSimulator, type OpenstackSimulator, type OpenstackSimulatorOptions } from './openstack/index.ts'
export type { ApplicationCredential, Domain, Project, RoleName, Trust, User } from './openstack/keystone/directory.ts'
