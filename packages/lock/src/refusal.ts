import {
  getFieldValue,
  isBefore,
  parsePeriod,
  shiftInstant,
  type Evidence,
  type FieldName,
  type Image,
} from '@imago/core'
import { listRequiredFields } from './fit.ts'
import { isTrusted, type OwnProject } from './trust.ts'
import { EVIDENCE_LEVELS, type EvidenceLevel, type Requirement } from './requirement.ts'

/** Reasons not to use an image that matches a want, the most fundamental first. */
export const REFUSAL_REASONS = [
  'denied',
  'not-trusted',
  'hidden',
  'wrong-kind',
  'wrong-arch',
  'evidence-too-low',
  'unavailable',
  'dies-before',
  'too-young',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** Why an image that matches a want is not used. */
export interface Refusal {
  readonly reason: RefusalReason
  /** The property of the image that causes it, as a phrase. */
  readonly detail: string
}

/** The input of the checks. */
export interface RefusalContext {
  readonly project: OwnProject
  /** Whether the user has denied this image. */
  readonly isDenied: (image: Image) => boolean
  readonly evidence: (image: Image, field: FieldName) => Evidence
  readonly now: string
}

/** The architecture of a requirement, from its want or its options. */
export const wantedArchitecture = ({ want, architecture }: Requirement): string | null =>
  want.by === 'os' ? want.architecture : architecture

const rankEvidence = (evidence: Evidence): number => {
  const level = EVIDENCE_LEVELS.indexOf(evidence as EvidenceLevel)
  return level === -1 ? EVIDENCE_LEVELS.length : level
}

/** The evidence of a field. A field without a value is unknown, even if the provider declares that it has none. */
const evidenceFor = (image: Image, field: FieldName, evidence: RefusalContext['evidence']): Evidence =>
  getFieldValue(image, field) === null ? 'unknown' : evidence(image, field)

/** The rank of the weakest evidence among the wanted fields: 0 is declared, higher is weaker. */
export const rankWeakestEvidence = (
  requirement: Requirement,
  image: Image,
  evidence: RefusalContext['evidence'],
): number =>
  Math.max(
    0,
    ...listRequiredFields(requirement.want, wantedArchitecture(requirement)).map((field) =>
      rankEvidence(evidenceFor(image, field, evidence)),
    ),
  )

const ownerText = ({ owner, visibility }: Image): string =>
  `${visibility} image${owner === null ? '' : ` of project ${owner}`}`

const trustRefusal = (image: Image, requirement: Requirement, { project }: RefusalContext): string | null =>
  isTrusted(image, requirement.trust, project) ? null : ownerText(image)

/** Hidden images have been replaced, so they are used only by their ID. */
const hiddenRefusal = (image: Image, { want }: Requirement): string | null =>
  image.hidden === true && want.by !== 'id' ? 'hidden from default lists' : null

/** An installation medium is not an operating system image, so it is used only if the variant names it. */
const isInstaller = ({ format }: Image, { want }: Requirement): boolean =>
  want.by === 'os' && want.variant === null && format.disk === 'iso'

const kindRefusal = (image: Image, requirement: Requirement): string | null => {
  if (!requirement.kinds.includes(image.kind)) return image.kind
  return isInstaller(image, requirement) ? 'installation medium, disk format iso' : null
}

const architectureRefusal = ({ architecture }: Image, requirement: Requirement): string | null => {
  const wanted = wantedArchitecture(requirement)
  return wanted === null || architecture === null || architecture === wanted ? null : architecture
}

const isDigestOfUploader = (image: Image, { want }: Requirement): boolean =>
  want.by === 'digest' &&
  !image.digests.some(
    ({ algorithm, value, assertedBy }) =>
      algorithm === want.algorithm && value.toLowerCase() === want.value && assertedBy === 'provider',
  )

const evidenceRefusal = (image: Image, requirement: Requirement, { evidence }: RefusalContext): string | null => {
  if (isDigestOfUploader(image, requirement)) return 'the digest is the uploader’s, not the provider’s'
  const weakest = rankEvidence(requirement.evidence)
  const weak = listRequiredFields(requirement.want, wantedArchitecture(requirement)).filter(
    (field) => rankEvidence(evidenceFor(image, field, evidence)) > weakest,
  )
  if (weak.length === 0) return null
  return weak.map((field) => `${field} is ${evidenceFor(image, field, evidence)}`).join(', ')
}

const statusRefusal = ({ status }: Image): string | null => (status === 'available' ? null : status)

/** `null`: beyond the years 1 to 9999. */
const shiftBy = (now: string, text: string | null, sign: 1 | -1): string | null => {
  const period = text === null ? null : parsePeriod(text)
  return period === null ? now : shiftInstant(now, period, sign)
}

const lifeRefusal = (
  { unavailableAfter }: Image,
  { livesAtLeast }: Requirement,
  { now }: RefusalContext,
): string | null => {
  if (unavailableAfter === null) return null
  const needed = shiftBy(now, livesAtLeast, 1)
  return needed !== null && isBefore(needed, unavailableAfter) ? null : `unavailable after ${unavailableAfter}`
}

const ageRefusal = ({ createdAt }: Image, { ageAtLeast }: Requirement, { now }: RefusalContext): string | null => {
  if (ageAtLeast === null) return null
  if (createdAt === null) return 'its age is unknown'
  const latest = shiftBy(now, ageAtLeast, -1)
  return latest === null || isBefore(latest, createdAt) ? `created ${createdAt}` : null
}

const CHECKS: Readonly<
  Record<RefusalReason, (image: Image, requirement: Requirement, context: RefusalContext) => string | null>
> = {
  denied: (image, _, { isDenied }) => (isDenied(image) ? 'listed under deny' : null),
  'not-trusted': trustRefusal,
  hidden: hiddenRefusal,
  'wrong-kind': kindRefusal,
  'wrong-arch': architectureRefusal,
  'evidence-too-low': evidenceRefusal,
  unavailable: statusRefusal,
  'dies-before': lifeRefusal,
  'too-young': ageRefusal,
}

/** All reasons not to use an image that matches. Empty: it can be used. */
export const findRefusals = (image: Image, requirement: Requirement, context: RefusalContext): readonly Refusal[] =>
  REFUSAL_REASONS.flatMap((reason) => {
    const detail = CHECKS[reason](image, requirement, context)
    return detail === null ? [] : [{ reason, detail }]
  })
