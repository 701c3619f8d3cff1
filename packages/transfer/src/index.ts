export type { CheckFailure, InspectedFormat, Inspection, Inspector } from './inspect/inspection.ts'
export { createInspector } from './inspect/inspector.ts'
export { unsafetyOf, type TolerableCheck } from './inspect/unsafety.ts'
