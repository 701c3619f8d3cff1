export { daysBetween } from './utc.ts'
export { compareAge, findDuplicates, type DuplicateEvidence, type DuplicateGroup } from './find-duplicates.ts'
export { findSameDisks, type ReadDisk } from './find-same-disks.ts'
export { findExpiries, readSupportEnd, type Expiry, type SupportLevel } from './find-expiry.ts'
export { readSupportData } from './read-support-data.ts'
export { diffImages, isDifferent, type DiffEntry, type DiffSide, type ImageDiff } from './diff/diff-images.ts'
export { compareAcrossClouds, compareOverTime, type FieldChange } from './diff/field-changes.ts'
export { toJsonPatch, type JsonPatchOperation } from './diff/json-patch.ts'
export { chooseMatch, matchImages, type ImagePair, type MatchBy, type Matched } from './diff/match-images.ts'
export { groupImages, parseGrouping, type Grouping, type ImageGroup } from './prune/grouping.ts'
export { planPrune, type DeleteReason, type KeepReason, type PruneOptions, type PruneRow } from './prune/plan-prune.ts'
export {
  applyRetention,
  parseRetention,
  RETENTION_UNITS,
  type Retention,
  type RetentionUnit,
} from './prune/retention.ts'
