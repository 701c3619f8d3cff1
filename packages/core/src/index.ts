export { isJsonObject, type Dialect, type JsonObject, type Sureness, type Translation } from './dialect.ts'
export type { Drift, Rejected, RejectionRemedy } from './drift.ts'
export { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from './dump.ts'
export type { FieldExplanation, SourceField } from './explain.ts'
export { emptyOf, FIELD_NAMES, fieldOf, FIELDS, type FieldDescription, type FieldName } from './image/field.ts'
export type { FieldClass } from './image/fields.ts'
export { Image, type ImageFields } from './image/image.ts'
export {
  Digest,
  Firmware,
  ImageKind,
  ImageRef,
  ImageStatus,
  Origin,
  OsFamily,
  SecureBoot,
  Visibility,
} from './image/values.ts'
export { isTooDeep, jsonExcess, MOST_JSON_DEPTH } from './json-bounds.ts'
export {
  fieldReferenceOf,
  judge,
  normalizerOf,
  type FieldReference,
  type ImageMapping,
  type Normalize,
  type Verdict,
  type Whereabouts,
} from './mapping.ts'
export {
  createImageReader,
  type Explanation,
  type ImageReader,
  type ImageReaderParts,
  type Misfit,
  type Place,
  type Reading,
} from './reader.ts'
export type { Claim, ForeignShape, Recognition, Recognizer } from './recognition.ts'
export { LIST_KEYS, recordsOf, visitRecords, type FoundRecord, type RecordVisitor } from './records.ts'
export {
  firstOf,
  identity,
  OTHER_KEYS,
  readOnly,
  reference,
  replayable,
  ruleWords,
  type Evidence,
  type FieldMapping,
  type Rule,
  type RuleWords,
  type Step,
} from './rule.ts'

export { ABORTED, linkedSignal, orAborted, type Abortable, type AbortSignalLike, type LinkedSignal } from './abort.ts'
export { bytesOf, type ByteRange, type ByteSource } from './byte-source.ts'
export {
  capabilitiesOf,
  withoutOperations,
  type Capabilities,
  type CostHint,
  type Declared,
  type Limits,
} from './capabilities.ts'
export { CAPABILITIES } from './capability-descriptions.ts'
export { CAPABILITY_NAMES, type CapabilityName } from './capability-names.ts'
export { toClient, type ImageClient } from './client.ts'
export {
  aborted,
  ambiguous,
  configInvalid,
  conflict,
  decodeFailed,
  forbidden,
  integrityFailed,
  notFound,
  quotaExceeded,
  rateLimited,
  rejected,
  siteOf,
  unauthorized,
  unavailable,
  unsafeImage,
  unsupported,
  type Aborted,
  type Ambiguous,
  type BrokenOff,
  type Candidate,
  type ConfigInvalid,
  type Conflict,
  type DecodeFailed,
  type ErrorSite,
  type Forbidden,
  type ImageError,
  type ImageErrorTag,
  type IntegrityFailed,
  type NotFound,
  type QuotaExceeded,
  type RateLimited,
  type Remedy,
  type RequestRejected,
  type RequestTrace,
  type Unauthorized,
  type Unavailable,
  type UnsafeImage,
  type Unsupported,
  type UploadFailure,
  type Wording,
} from './error.ts'
export { isRetryable, messageOf } from './error-message.ts'
export { find, findAll, type NamedBy, type Wanted } from './find.ts'
export { humanSize } from './human-size.ts'
export { ImageException } from './image-exception.ts'
export { listAll, type ListAllOptions } from './list-all.ts'
export type { Listing } from './listing.ts'
export { maskedOperation, waitFor, type Operation, type WaitOptions } from './operation.ts'
export {
  isAccepted,
  isNamedBy,
  metadataProblems,
  whyNotCopied,
  type CountRule,
  type FieldProperty,
  type MetadataRules,
  type NotCopied,
  type TextRule,
} from './metadata-rules.ts'
export {
  monthlyCost,
  totalMonthlyCosts,
  type CostTotal,
  type CostUnknown,
  type MonthlyCost,
} from './observation/monthly-cost.ts'
export type { CloudObservation, Observation, ObservedImages, ObservedPrices } from './observation/observation.ts'
export { observe, type ObserveOptions } from './observation/observe.ts'
export type { BillingBasis, Price, Prices } from './observation/prices.ts'
export { READ, toReadState, type Completeness, type ReadState } from './observation/read-state.ts'
export { createUsageLookup, usageState, type UsageState, type UsageUnknown } from './observation/usage-state.ts'
export type { EdgeSource, ImageUser, Usage, UsageEdge, UsageRelation, UsageView } from './observation/usage.ts'
export { compareImages, isBefore, SORT_KEYS, type Sort, type SortKey } from './order.ts'
export type { Cursor, Page } from './page.ts'
export { pages, type PagesOptions } from './pages.ts'
export { perform, type Method } from './perform.ts'
export {
  FILTER_NAMES,
  matcherOf,
  matches,
  remainder,
  selection,
  type FilterName,
  type Query,
  type TagCondition,
} from './query.ts'
export { valuesOf, type AnyOf } from './any-of.ts'
export { fitsConditions, type EntryCondition, type EntryConditions } from './entry-conditions.ts'
export { parseLabelSelector } from './label-selector.ts'
export { changedTags } from './request.ts'
export type {
  ByteImage,
  ByteImageOptions,
  ByteWork,
  DownloadOptions,
  Entries,
  ImageChanges,
  ImageShare,
  ImageStore,
  KnownDigest,
  Leftover,
  NewImage,
  PropertyLimit,
  Quota,
  ServerImage,
  ServerImageRequest,
  ServerSummary,
  ShareRequest,
  StoreCopyRequest,
  TagChanges,
  UploadLimits,
  UploadOptions,
  UrlImport,
  VerificationLevel,
  WorkEstimate,
} from './request.ts'
export { createMasker, MASK, type Masker } from './masker.ts'
export { pathOf, toSafeName, toSafeText } from './safe-text.ts'
export type { Answer, CloudIdentity, ImageSource, ListOptions, UsageOptions } from './source.ts'
export { trimTrailing } from './trim-trailing.ts'
export {
  afterUpload,
  patienceMs,
  uploadAnswer,
  type UploadAnswer,
  type UploadState,
  type UploadStep,
} from './upload-outcome.ts'
