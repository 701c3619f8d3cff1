export { isJsonObject, type Dialect, type JsonObject, type DialectMatch, type Translation } from './dialect.ts'
export type { Drift, RejectedRecord, RejectionRemedy } from './drift.ts'
export { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from './dump.ts'
export type { FieldExplanation, SourceField } from './explain.ts'
export {
  getEmptyValue,
  FIELD_NAMES,
  getFieldValue,
  FIELDS,
  type FieldDescription,
  type FieldName,
} from './image/field.ts'
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
export { isTooDeep, findJsonExcess, MAX_JSON_DEPTH } from './json-bounds.ts'
export {
  describeFields,
  evaluateRule,
  createNormalizer,
  type FieldReference,
  type ImageMapping,
  type Normalize,
  type RuleResult,
  type CloudLocation,
} from './mapping.ts'
export {
  createImageReader,
  type Explanation,
  type ImageReader,
  type ImageReaderParts,
  type InvalidField,
  type RecordLocation,
  type ReadResult,
} from './reader.ts'
export type { Claim, ForeignShape, Recognition, Recognizer } from './recognition.ts'
export { LIST_KEYS, findRecords, visitRecords, type FoundRecord, type RecordVisitor } from './records.ts'
export {
  firstOf,
  identityField,
  OTHER_KEYS,
  readOnlyField,
  referenceField,
  writableField,
  createRuleBuilders,
  type Evidence,
  type FieldMapping,
  type Rule,
  type RuleBuilders,
  type RuleStep,
} from './rule.ts'

export { ABORTED, linkSignals, raceAbort, type Abortable, type AbortSignalLike, type LinkedSignal } from './abort.ts'
export { createByteSource, type ByteRange, type ByteSource } from './byte-source.ts'
export {
  deriveCapabilities,
  withoutOperations,
  type Capabilities,
  type CostHint,
  type DeclaredCapabilities,
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
  createErrorSite,
  unauthorized,
  unavailable,
  unsafeImage,
  unsupported,
  type Aborted,
  type Ambiguous,
  type TruncatedResponse,
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
  type ErrorDetails,
} from './error.ts'
export { isRetryable, formatError } from './error-message.ts'
export { find, findAll, type NameLookupOptions, type ImageSelector } from './find.ts'
export { formatSize } from './human-size.ts'
export { ImageException } from './image-exception.ts'
export { listAll, type ListAllOptions } from './list-all.ts'
export type { Listing } from './listing.ts'
export { maskOperation, waitFor, type Operation, type WaitOptions } from './operation.ts'
export {
  isAcceptedText,
  matchesNamePattern,
  findMetadataProblems,
  explainCopyExclusion,
  type CountRule,
  type FieldProperty,
  type MetadataRules,
  type CopyExclusion,
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
  createMatcher,
  matches,
  omitFilters,
  pickFilters,
  type FilterName,
  type Query,
  type TagCondition,
} from './query.ts'
export { toValueList, type AnyOf } from './any-of.ts'
export { matchesConditions, type EntryCondition, type EntryConditions } from './entry-conditions.ts'
export { parseLabelSelector } from './label-selector.ts'
export { applyTagChanges } from './request.ts'
export type {
  ByteImage,
  ByteImageOptions,
  EstimateRequest,
  DownloadOptions,
  Entries,
  ImageChanges,
  ImageShare,
  ImageStore,
  KnownDigest,
  OrphanedResource,
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
export { toSafePath, toSafeName, toSafeText } from './safe-text.ts'
export type { ImageResult, CloudIdentity, ImageSource, ListingSource, ListOptions, UsageOptions } from './source.ts'
export { trimTrailing } from './trim-trailing.ts'
export {
  decideUploadStep,
  getUploadTimeoutMs,
  classifyUploadError,
  type UploadResponse,
  type UploadState,
  type UploadStep,
} from './upload-outcome.ts'
