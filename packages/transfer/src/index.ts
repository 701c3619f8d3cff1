export type { CheckFailure, InspectedFormat, Inspection, Inspector } from './inspect/inspection.ts'
