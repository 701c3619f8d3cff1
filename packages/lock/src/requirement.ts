import { FIELDS, type Evidence, type ImageKind } from '@imago/core'
import { DEFAULT_TRUST, type Trust } from './trust.ts'
import type { Want } from './want.ts'

/** The weakest evidence that a requirement can accept, strongest first. */
export const EVIDENCE_LEVELS = ['declared', 'inferred', 'assumed'] as const satisfies readonly Evidence[]
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number]

/** `only`: exactly one image may fit. `newest`: the latest of equivalent images. */
export const PICKS = ['only', 'newest'] as const
export type PickRule = (typeof PICKS)[number]

/** A want, with further requirements and preferences. */
export interface Requirement {
  readonly want: Want
  /** For wants without an architecture. `null`: any, if all matching images have the same. */
  readonly architecture: string | null
  readonly kinds: readonly ImageKind[]
  readonly trust: readonly Trust[]
  readonly evidence: EvidenceLevel
  /** A period such as `90d`; `null`: any. The provider must not withdraw the image before. */
  readonly livesAtLeast: string | null
  /** A period such as `7d`; `null`: any. The image must have been created before. */
  readonly ageAtLeast: string | null
  readonly pick: PickRule
}

/** All known kinds. */
export const KINDS: readonly ImageKind[] = ((FIELDS.kind.values ?? []) as readonly ImageKind[]).filter(
  (kind) => kind !== 'unknown',
)

/**
 * The default kinds. An operating system is never resolved to a server snapshot, nor to an application image unless the variant names the application. A backup
 * disappears with its server.
 */
const defaultKinds = (want: Want): readonly ImageKind[] => {
  switch (want.by) {
    case 'os':
      return want.variant === null ? ['system', 'image'] : ['system', 'app', 'image']
    case 'id':
    case 'digest':
      return KINDS
    default:
      return KINDS.filter((kind) => kind !== 'backup')
  }
}

/** Distributions rebuild releases under the same version, so the newest counts. Names, labels and tags select one image by default. */
const defaultPick = ({ by }: Want): PickRule => (by === 'os' || by === 'digest' ? 'newest' : 'only')

/** The options of a requirement. */
export type RequirementOptions = { readonly [K in Exclude<keyof Requirement, 'want'>]?: Requirement[K] | undefined }

/** Creates a requirement, with defaults for omitted options. */
export const createRequirement = (want: Want, options: RequirementOptions = {}): Requirement => ({
  want,
  architecture: options.architecture ?? null,
  kinds: options.kinds ?? defaultKinds(want),
  trust: options.trust ?? DEFAULT_TRUST,
  evidence: options.evidence ?? 'inferred',
  livesAtLeast: options.livesAtLeast ?? null,
  ageAtLeast: options.ageAtLeast ?? null,
  pick: options.pick ?? defaultPick(want),
})

const sorted = (words: readonly string[]): string => [...new Set(words)].sort().join(',')

/** The canonical text of the options that differ from the defaults, in a fixed order. */
export const printWhere = (requirement: Requirement): string => {
  const usual = createRequirement(requirement.want)
  const texts = ({ architecture, kinds, trust, evidence, livesAtLeast, ageAtLeast, pick }: Requirement) => ({
    arch: architecture ?? '',
    kind: sorted(kinds),
    trust: sorted(trust),
    evidence,
    livesAtLeast: livesAtLeast ?? '',
    ageAtLeast: ageAtLeast ?? '',
    pick,
  })
  const defaults: Readonly<Record<string, string>> = texts(usual)
  return Object.entries(texts(requirement))
    .filter(([key, text]) => text !== defaults[key])
    .map(([key, text]) => `${key}=${text}`)
    .join(' ')
}
