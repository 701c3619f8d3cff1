/** For authors of adapters: readers of records from a mapping, and the `ImageSource` contract. */

export { CAPABILITY_NAMES, type CapabilityName } from './capability-names.ts'
export { listAll, type ListAllOptions } from './client/list-all.ts'
export type { PagesOptions } from './client/pages.ts'
export { formatError } from './error/format-error.ts'
export {
  aborted,
  ambiguous,
  configInvalid,
  conflict,
  createErrorSite,
  decodeFailed,
  forbidden,
  integrityFailed,
  notFound,
  quotaExceeded,
  rateLimited,
  rejected,
  unauthorized,
  unavailable,
  unsupported,
  type Aborted,
  type Ambiguous,
  type Candidate,
  type ConfigInvalid,
  type Conflict,
  type DecodeFailed,
  type ErrorDetails,
  type ErrorSite,
  type Forbidden,
  type ImageError,
  type ImageErrorTag,
  type IntegrityFailed,
  type NotFound,
  type QuotaExceeded,
  type RateLimited,
  type ParameterChange,
  type Remedy,
  type RequestRejected,
  type RequestTrace,
  type TruncatedResponse,
  type Unauthorized,
  type Unavailable,
  type UnsafeImage,
  type Unsupported,
  type UploadFailure,
} from './error/image-error.ts'
export { ImageException } from './error/image-exception.ts'
export { isRetryable } from './error/is-retryable.ts'
export {
  FIELD_NAMES,
  FIELDS,
  getEmptyValue,
  getFieldValue,
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
export {
  createNormalizer,
  type CloudLocation,
  type FieldReference,
  type ImageMapping,
  type Normalize,
} from './mapping/mapping.ts'
export {
  createRuleBuilders,
  chooseFirst,
  identityField,
  OTHER_KEYS,
  readOnlyField,
  referenceField,
  writableField,
  type Evidence,
  type FieldMapping,
  type Rule,
  type RuleBuilders,
  type RuleStep,
} from './mapping/rule.ts'
export { toValueList, type AnyOf } from './query/any-of.ts'
export { matchesConditions, type EntryCondition, type EntryConditions } from './query/entry-conditions.ts'
export { isBefore } from './query/instant-order.ts'
export {
  createMatcher,
  FILTER_NAMES,
  FILTERED_VALUES,
  matches,
  pickFilters,
  type FilterName,
  type ValueFilter,
  type Query,
  type TagCondition,
} from './query/query.ts'
export type { SortKey, SortOrder } from './query/sort.ts'
export {
  certainMatch,
  isJsonObject,
  likelyMatch,
  type Dialect,
  type DialectMatch,
  type JsonObject,
  type Translation,
} from './reader/dialect.ts'
export type { Drift, RejectedRecord, RejectionRemedy } from './reader/drift.ts'
export type { FieldExplanation, SourceField } from './reader/explain.ts'
export { findJsonExcess, isTooDeep } from './reader/json-bounds.ts'
export {
  createImageReader,
  type Explanation,
  type ImageReader,
  type ImageReaderParts,
  type InvalidField,
  type ReadResult,
  type RecordLocation,
} from './reader/reader.ts'
export type { Claim, ForeignShape, Recognition, Recognizer } from './reader/recognition.ts'
export {
  ABORTED,
  linkSignals,
  raceAbort,
  type Abortable,
  type AbortSignalLike,
  type LinkedSignal,
} from './source/abort.ts'
export { createByteSource, type ByteRange, type ByteSource } from './source/byte-source.ts'
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
export {
  deriveCapabilities,
  withoutOperations,
  type Capabilities,
  type CostHint,
  type DeclaredCapabilities,
  type Limits,
} from './source/capabilities.ts'
export { applyTagChanges, type EntryChanges, type ImageChanges, type TagChanges } from './source/image-changes.ts'
export type { Listing } from './source/listing.ts'
export type { CopyExclusion, CountRule, FieldProperty, MetadataRules, TextRule } from './source/metadata-rules.ts'
export type { NewImage } from './source/new-image.ts'
export { maskOperation, waitFor, type Operation, type WaitOptions } from './source/operation.ts'
export type { OrphanedResource } from './source/orphaned-resource.ts'
export type { Cursor, Page } from './source/page.ts'
export { perform, type Method } from './source/perform.ts'
export type { BillingBasis, Price, Prices } from './source/prices.ts'
export { RUN_EPOCH_LABEL, RUN_EPOCH_PROPERTY, RUN_LABEL, RUN_PROPERTY, TEMPORARY_LABEL } from './source/run-tags.ts'
export { READ, toReadState, type Completeness, type ReadState } from './source/read-state.ts'
export type { ServerImage, ServerImageRequest, ServerSummary } from './source/server-image.ts'
export type { ImageShare, ShareRequest } from './source/sharing.ts'
export type {
  CloudIdentity,
  ImageResult,
  ImageSource,
  ListingSource,
  ListOptions,
  UsageOptions,
} from './source/source.ts'
export type { ImageStore, PropertyLimit, Quota, UploadLimits } from './source/upload-limits.ts'
export {
  classifyUploadError,
  decideUploadStep,
  getUploadTimeoutMs,
  type UploadResponse,
  type UploadState,
  type UploadStep,
} from './source/upload-outcome.ts'
export type { EdgeSource, ImageUser, Usage, UsageEdge, UsageRelation, UsageView } from './source/usage.ts'
export { createMasker, type Masker } from './text/masker.ts'
export { quoteEmpty, toSafeName, toSafePath, toSafeText } from './text/safe-text.ts'
export { trimTrailing } from './text/trim-trailing.ts'
