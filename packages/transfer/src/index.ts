export type { CheckFailure, InspectedFormat, Inspection, Inspector } from './inspect/inspection.ts'
export { createInspector } from './inspect/inspector.ts'
export { unsafetyOf, type TolerableCheck } from './inspect/unsafety.ts'

export { PLAN_SCHEMA, type Compression, type Fate, type FieldFate, type Finish, type Gate, type GateName, type Money, type Plan, type PlanEstimate, type PlanFormat, type PlanSource, type PlanTarget, type Step, type StepName } from './plan/plan.ts'
export type { MoveSource, MoveTarget, MoveWishes, Rates } from './plan/wishes.ts'
export type { OpenedUrl, RetryPolicy, RunManyOptions, RunOptions, RunResult, RunTiming } from './run/options.ts'
export type { MoveEvent, Outcome, RunSummary } from './run/outcome.ts'

export { isKnownDigest } from './bytes/digest.ts'
export { fileSource } from './bytes/file.ts'
export { guarded } from './bytes/guarded.ts'
export { hashed, type Fingerprint, type Hashed } from './bytes/hashed.ts'
export { counted, createRate, type Rate } from './bytes/progress.ts'
export { urlSource, type UrlBytes, type UrlOptions } from './bytes/url.ts'
export type { HostAddress, Network } from './bytes/network.ts'
export type { Scope } from './bytes/address.ts'

export { decompressed, USUAL_LIMITS, type DecompressionLimits } from './decompress/decompressed.ts'
export { COMPRESSION_HEAD, COMPRESSION_KINDS, compressionOf, type CompressionKind } from './decompress/kind.ts'

export { convert, CONVERTIBLE, USUAL_CONVERSION_LIMITS, type Conversion, type ConversionLimits, type Converted, type ConvertibleFormat } from './convert/convert.ts'
export { findQemuImg, LEAST_VERSION, type QemuImg } from './convert/qemu-img.ts'
