export { checkLock, findPins, type LockFinding } from './check-lock.ts'
export type { Fit } from './fit.ts'
export { HAND_OVER_FORMATS, printHandOver, type HandOverFormat } from './hand-over.ts'
export {
  createLock,
  EMPTY_LOCK,
  isCanonical,
  LOCK_FILE,
  LOCK_SCHEMA,
  parseLock,
  printLock,
  type Lock,
  type LockFault,
} from './lock-file.ts'
export type { ObservedCloud } from './observed.ts'
export {
  cloudKey,
  createPin,
  readFacts,
  computeIdentity,
  Pin,
  pinKey,
  PinWorth,
  type Facts,
  type Identified,
  type PinTarget,
} from './pin.ts'
export {
  cloudsToObserve,
  planLock,
  type LockChange,
  type LockPlan,
  type LockProblem,
  type LockRequest,
  type LockTarget,
  type Observations,
  type Update,
} from './plan-lock.ts'
export { REFUSAL_REASONS, type Refusal, type RefusalReason } from './refusal.ts'
export { resolve, type ConsideredImage, type Resolution, type ResolveOptions } from './resolve.ts'
export { DEFAULT_TRUST, isTrust, isTrusted, TRUST_FORMS, type OwnProject, type Trust } from './trust.ts'
export { verifyPin, type ChangedFact, type PinState } from './verify.ts'
export { parseWant, printWant, WANT_FORMS, type OsWant, type Want } from './want.ts'
export {
  readWantedImages,
  IMAGES_FILE,
  type WantedImage,
  type WantedImages,
  type ImagesFileIssue,
} from './images-file.ts'
export {
  createRequirement,
  EVIDENCE_LEVELS,
  KINDS,
  PICKS,
  printWhere,
  type EvidenceLevel,
  type PickRule,
  type Requirement,
  type RequirementOptions,
} from './requirement.ts'
