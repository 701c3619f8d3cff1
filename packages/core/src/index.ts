export { isJsonObject, type Dialect, type JsonObject, type DialectMatch, type Translation } from './reader/dialect.ts'
export type { Drift, RejectedRecord, RejectionRemedy } from './reader/drift.ts'
export { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from './reader/dump.ts'
export type { FieldExplanation, SourceField } from './reader/explain.ts'
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
export { isTooDeep, findJsonExcess, MAX_JSON_DEPTH } from './reader/json-bounds.ts'
export {
  describeFields,
  evaluateRule,
  createNormalizer,
  type FieldReference,
  type ImageMapping,
  type Normalize,
  type RuleResult,
  type CloudLocation,
} from './mapping/mapping.ts'
export {
  createImageReader,
  type Explanation,
  type ImageReader,
  type ImageReaderParts,
  type InvalidField,
  type RecordLocation,
  type ReadResult,
} from './reader/reader.ts'
export type { Claim, ForeignShape, Recognition, Recognizer } from './reader/recognition.ts'
export { LIST_KEYS, findRecords, visitRecords, type FoundRecord, type RecordVisitor } from './reader/records.ts'
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
} from './mapping/rule.ts'

export {
  ABORTED,
  linkSignals,
  raceAbort,
  type Abortable,
  type AbortSignalLike,
  type LinkedSignal,
} from './source/abort.ts'
export { createByteSource, type ByteRange, type ByteSource } from './source/byte-source.ts'
export {
  deriveCapabilities,
  withoutOperations,
  type Capabilities,
  type CostHint,
  type DeclaredCapabilities,
  type Limits,
} from './source/capabilities.ts'
export { CAPABILITIES } from './source/capability-descriptions.ts'
export { CAPABILITY_NAMES, type CapabilityName } from './capability-names.ts'
export { toClient, type ImageClient } from './client/image-client.ts'
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
} from './error/image-error.ts'
export { formatError } from './error/format-error.ts'
export { isRetryable } from './error/is-retryable.ts'
export { find, findAll, type NameLookupOptions, type ImageSelector } from './client/find.ts'
export { formatSize } from './text/format-size.ts'
export { ImageException } from './error/image-exception.ts'
export { listAll, type ListAllOptions } from './client/list-all.ts'
export type { Listing } from './source/listing.ts'
export { maskOperation, waitFor, type Operation, type WaitOptions } from './source/operation.ts'
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
} from './source/metadata-rules.ts'
export {
  monthlyCost,
  totalMonthlyCosts,
  type CostTotal,
  type CostUnknown,
  type MonthlyCost,
} from './observation/monthly-cost.ts'
export type { CloudObservation, Observation, ObservedImages, ObservedPrices } from './observation/observation.ts'
export { observe, type ObserveOptions } from './observation/observe.ts'
export type { BillingBasis, Price, Prices } from './source/prices.ts'
export { READ, toReadState, type Completeness, type ReadState } from './source/read-state.ts'
export { createUsageLookup, usageState, type UsageState, type UsageUnknown } from './observation/usage-state.ts'
export type { EdgeSource, ImageUser, Usage, UsageEdge, UsageRelation, UsageView } from './source/usage.ts'
export { compareImages, isBefore, SORT_KEYS, type Sort, type SortKey } from './query/order.ts'
export type { Cursor, Page } from './source/page.ts'
export { pages, type PagesOptions } from './client/pages.ts'
export { perform, type Method } from './source/perform.ts'
export {
  FILTER_NAMES,
  createMatcher,
  matches,
  omitFilters,
  pickFilters,
  type FilterName,
  type Query,
  type TagCondition,
} from './query/query.ts'
export { toValueList, type AnyOf } from './query/any-of.ts'
export { matchesConditions, type EntryCondition, type EntryConditions } from './query/entry-conditions.ts'
export { parseLabelSelector } from './query/label-selector.ts'
export type {
  ByteImage,
  ByteImageOptions,
  DownloadOptions,
  EstimateRequest,
  KnownDigest,
  StoreCopyRequest,
  UploadOptions,
  UrlImport,
  VerificationLevel,
  WorkEstimate,
} from './source/byte-transfer.ts'
export { applyTagChanges, type EntryChanges, type ImageChanges, type TagChanges } from './source/image-changes.ts'
export type { NewImage } from './source/new-image.ts'
export type { OrphanedResource } from './source/orphaned-resource.ts'
export type { ServerImage, ServerImageRequest, ServerSummary } from './source/server-image.ts'
export type { ImageShare, ShareRequest } from './source/sharing.ts'
export type { ImageStore, PropertyLimit, Quota, UploadLimits } from './source/upload-limits.ts'
export { createMasker, MASK, type Masker } from './text/masker.ts'
export { toSafePath, toSafeName, toSafeText } from './text/safe-text.ts'
export type {
  ImageResult,
  CloudIdentity,
  ImageSource,
  ListingSource,
  ListOptions,
  UsageOptions,
} from './source/source.ts'
export { trimTrailing } from './text/trim-trailing.ts'
export {
  decideUploadStep,
  getUploadTimeoutMs,
  classifyUploadError,
  type UploadResponse,
  type UploadState,
  type UploadStep,
} from './source/upload-outcome.ts'
