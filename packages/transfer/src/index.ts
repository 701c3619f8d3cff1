export { ALLOWABLE_CHECKS, checkSafety, type AllowableCheck, type ImageClaims } from './safety/check-safety.ts'

export {
  PLAN_SCHEMA,
  type Compression,
  type PreflightCheck,
  type PreflightCheckName,
  type Money,
  type Plan,
  type PlanArchive,
  type PlanEstimate,
  type PlanFormat,
  type PlanMachine,
  type PlanSource,
  type PlanTarget,
  type PlannedBytes,
  type Step,
  type StepName,
} from './plan/plan.ts'
export type { Disposition, FieldDisposition } from './metadata/disposition.ts'
export type { FinalSettings } from './metadata/final-settings.ts'
export type { RecordOverrides } from './metadata/record-overrides.ts'
export { inspectSource } from './facts/inspect-source.ts'
export type { InspectSourceOptions } from './facts/inspect-source-options.ts'
export type { ArchiveFacts, SourceFacts } from './facts/source-facts.ts'
export type { Ovf, OvfDisk } from './archive/ovf.ts'
export type { ExtractionOptions, MemberChoice, MemberDigest } from './archive/extract.ts'
export type {
  TransferSource,
  TransferTarget,
  TransferOverrides,
  PlannedUsage,
  TransferRates,
} from './plan/transfer-input.ts'
export type { OpenedUrl, RunRetryPolicy, RunManyOptions, RunOptions, RunResult, RunTiming } from './run/options.ts'
export type { TransferOutcome } from './journal/outcome.ts'
export type { TransferEvent } from './run/transfer-event.ts'
export type { RunSummary } from './run/run-summary.ts'

export { DIGEST_ALGORITHMS, type DigestAlgorithm } from './digests/algorithm.ts'
export { MAX_DIGEST_FILE_BYTES, parseDigestFile, type DigestEntry, type DigestFile } from './digests/digest-file.ts'
export { findContradiction, parseExpectedDigest, type ExpectedDigest } from './digests/expected-digest.ts'
export { findDigest } from './digests/find-digest.ts'
export type { CheckedDigest, SourceCheck } from './journal/source-check.ts'
export { describeSourceCheck } from './run/source-check.ts'

export { isKnownDigest } from './bytes/digest.ts'
export { fileSource } from './bytes/file.ts'
export { guardEnd } from './bytes/guard-end.ts'
export { hashBytes, type Fingerprint, type HashedBytes } from './bytes/hash-bytes.ts'
export { countBytes, createRate, type Rate } from './bytes/progress.ts'
export type { ConversionRequest, DiskChecked, DiskCheckRequest, RunTools } from './run/tools.ts'

export { maskUrl } from './bytes/mask-url.ts'
export { findBlockers, planTransfer, DEFAULT_RATES } from './plan/plan-transfer.ts'
export { parseJson } from './plan/parse-json.ts'
export { readPlan } from './plan/read-plan.ts'
export { computeImageId } from './plan/uuid.ts'
export { applyPlan, applyPlans, resumeRuns } from './run/apply.ts'
export { discardRun } from './run/discard-run.ts'
export { startResumption, startTransfer, startTransfers, type StartedTransfer } from './run/start-transfer.ts'
export { readUploadLimits } from './run/upload-limits.ts'
export { describeRun, listRuns } from './run/list-runs.ts'
export { urlSource, type UrlBytes } from './bytes/url.ts'
export type { UrlOptions } from './bytes/url-session.ts'
export type { HostAddress, Network } from './bytes/network.ts'
export type { Scope } from './bytes/address.ts'

export {
  decompress,
  DEFAULT_DECOMPRESSION_LIMITS,
  type DecompressionLimits,
  type LimitAdvice,
} from './decompress/decompress.ts'
export {
  COMPRESSION_HEAD_LENGTH,
  COMPRESSION_KINDS,
  detectCompression,
  type CompressionKind,
} from './decompress/kind.ts'

export { checkImage, type DiskCheckResult, type CheckRequest } from './convert/check.ts'
export { convert, type Conversion, type Converted } from './convert/convert.ts'
export { CONVERTIBLE_FORMATS, type ConvertibleFormat } from './convert/drivers.ts'
export { DEFAULT_CONVERSION_LIMITS, type ConversionLimits } from './convert/limits.ts'
export { findQemuImg, MINIMUM_VERSION, type QemuImg } from './convert/qemu-img.ts'

export {
  findDirectory,
  openOwn,
  privateDirectory,
  type DirectoryOptions,
  type FoundDirectory,
  type OpenMode,
} from './state/private-directory.ts'
export { createFileJournals, type FileJournalsOptions } from './journal/file-journals.ts'
export {
  createFencedError,
  isFenced,
  isRunId,
  type JournalStore,
  type RunLease,
  type StoredRun,
  type TakeOptions,
  type VisitRun,
} from './journal/journal-store.ts'
export {
  JOURNAL_VERSION,
  type Entry,
  type Line,
  type Ready,
  type SpoolItem,
  type WrongSource,
} from './journal/entry.ts'
export { parseEntries } from './journal/lines.ts'
export { isRunning, thisProcess, type ProcessIdentity, type Processes } from './journal/process-identity.ts'
export { isOwnedByUserOrRoot, mayOthersWrite, currentUser, type LocalUser } from './state/local-user.ts'
