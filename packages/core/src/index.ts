/** The image model, readers of saved records, and functions for the images of a cloud. Adapters import `@imago/core/provider`. */

export { CAPABILITY_NAMES, type CapabilityName } from './capability-names.ts'
export { find, findAll, type ImageSelector, type NameLookupOptions } from './client/find.ts'
export { toClient, type CapabilityMethods, type ImageClient } from './client/image-client.ts'
export { listAll, type ListAllOptions } from './client/list-all.ts'
export { pages, type PagesOptions } from './client/pages.ts'
export { formatError, formatReason } from './error/format-error.ts'
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
  unsafeImage,
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
export { FIELD_NAMES, FIELDS, getFieldValue, type FieldDescription, type FieldName } from './image/field.ts'
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
export type { CloudLocation, FieldReference } from './mapping/mapping.ts'
export type { Evidence } from './mapping/rule.ts'
export { areNet, describeCosts, describeMonthlyCosts, formatMonthlyCosts, type Amount } from './observation/amounts.ts'
export { isUse, listOrigins, listUsers } from './observation/image-users.ts'
export {
  computeMonthlyCost,
  isCostUnknown,
  totalMonthlyCosts,
  type CostTotal,
  type CostUnknown,
  type MonthlyCost,
} from './observation/monthly-cost.ts'
export type { CloudObservation, Observation, ObservedImages, ObservedPrices } from './observation/observation.ts'
export { observe, type ObserveOptions } from './observation/observe.ts'
export { readPrices, readUsage, unreadUsage } from './observation/read-parts.ts'
export { createUsageLookup, usageState, type UsageState, type UsageUnknown } from './observation/usage-state.ts'
export { toValueList, type AnyOf } from './query/any-of.ts'
export { matchesConditions, type EntryCondition, type EntryConditions } from './query/entry-conditions.ts'
export { isBefore } from './query/instant-order.ts'
export { parseLabelSelector } from './query/label-selector.ts'
export { createMatcher, FILTER_NAMES, matches, type FilterName, type Query, type TagCondition } from './query/query.ts'
export { compareImages, SORT_KEYS, type SortOrder, type SortKey } from './query/sort.ts'
export { isJsonObject, type Dialect, type DialectMatch, type JsonObject, type Translation } from './reader/dialect.ts'
export type { Drift, RejectedRecord, RejectionRemedy } from './reader/drift.ts'
export { explainRecord, readDump, readRecord, type Dump, type DumpOptions } from './reader/dump.ts'
export type { FieldExplanation, SourceField } from './reader/explain.ts'
export { findJsonExcess, isTooDeep, MAX_JSON_DEPTH } from './reader/json-bounds.ts'
export type { Explanation, ImageReader, ReadResult, RecordLocation } from './reader/reader.ts'
export type { Claim, ForeignShape, Recognition, Recognizer } from './reader/recognition.ts'
export { findRecords, LIST_KEYS, visitRecords, type FoundRecord, type RecordVisitor } from './reader/records.ts'
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
export type { Capabilities, CostHint, DeclaredCapabilities, Limits } from './source/capabilities.ts'
export { CAPABILITIES } from './source/capability-descriptions.ts'
export type { EntryChanges, ImageChanges, TagChanges } from './source/image-changes.ts'
export type { Listing } from './source/listing.ts'
export {
  explainCopyExclusion,
  findMetadataProblems,
  isAcceptedText,
  matchesNamePattern,
  type CopyExclusion,
  type CountRule,
  type FieldProperty,
  type MetadataRules,
  type TextRule,
} from './source/metadata-rules.ts'
export type { NewImage } from './source/new-image.ts'
export { waitFor, type Operation, type WaitOptions } from './source/operation.ts'
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
  type UploadResponse,
  type UploadState,
  type UploadStep,
} from './source/upload-outcome.ts'
export type { EdgeSource, ImageUser, Usage, UsageEdge, UsageRelation, UsageView } from './source/usage.ts'
export { formatInstant, parsePeriod, PERIOD_FORMS, shiftInstant, shiftTime, type Period } from './query/period.ts'
export { formatSize, formatSizes } from './text/format-size.ts'
export { createMasker, type Masker } from './text/masker.ts'
export { quoteEmpty, toSafePath, toSafeText } from './text/safe-text.ts'
export { trimTrailing } from './text/trim-trailing.ts'
