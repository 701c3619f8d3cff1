export type { CheckFailure, InspectedFormat, Inspection, Inspector } from './inspect/inspection.ts'
export { createInspector } from './inspect/inspector.ts'
export { unsafetyOf, type TolerableCheck } from './inspect/unsafety.ts'

export { PLAN_SCHEMA, type Compression, type Fate, type FieldFate, type Finish, type Gate, type GateName, type Money, type Plan, type PlanEstimate, type PlanFormat, type PlanSource, type PlanTarget, type Step, type StepName } from './plan/plan.ts'
export type { MoveSource, MoveTarget, MoveWishes, Rates } from './plan/wishes.ts'
export type { OpenedUrl, RetryPolicy, RunManyOptions, RunOptions, RunResult, RunTiming } from './run/options.ts'
export type { MoveEvent, Outcome, RunSummary } from './run/outcome.ts'
