export { findArchitectureById, findArchitectureByName, architectures } from './architecture.ts'
export { crosswalk } from './data.ts'
export { findOperatingSystemById, findOperatingSystemByName, operatingSystems } from './operating-system.ts'
export type {
  Architecture,
  ArchitectureProvider,
  Crosswalk,
  OperatingSystem,
  OperatingSystemFamily,
  Source,
  Vocabulary,
} from './types.ts'
