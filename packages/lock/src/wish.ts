import { FIELDS, type Evidence, type ImageKind } from '@imago/core'
import { DEFAULT_TRUST, type Trust } from './trust.ts'
import type { Want } from './want.ts'

/** The weakest evidence that a wish can accept, strongest first. */
export const EVIDENCE_LEVELS = ['declared', 'inferred', 'assumed'] as const satisfies readonly Evidence[]
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number]

/** `only`: exactly one image may fit. `newest`: of images that differ in nothing that matters, the one created last. */
export const PICKS = ['only', 'newest'] as const
export type PickRule = (typeof PICKS)[number]

/** What is wanted, and what an image must be besides. */
export interface Wish {
  readonly want: Want
  /** For wants that do not name one. `null`: any, as long as all images that fit have the same. */
  readonly architecture: string | null
  readonly kinds: readonly ImageKind[]
  readonly trust: readonly Trust[]
  readonly evidence: EvidenceLevel
  /** A span as `90d`; `null`: any. The provider must not withdraw the image before. */
  readonly livesAtLeast: string | null
  /** A span as `7d`; `null`: any. The image must have been created before. */
  readonly ageAtLeast: string | null
  readonly pick: PickRule
}

/** Every kind but those that imago does not know. */
export const KINDS: readonly ImageKind[] = ((FIELDS.kind.values ?? []) as readonly ImageKind[]).filter(
  (kind) => kind !== 'unknown',
)

/**
 * The kinds that are considered if the wish names none. An operating system is never taken from the snapshot of a server, nor from an application
 * image unless the variant names the application; a backup disappears with its server.
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

/** Releases of a distribution are rebuilt under the same version, so the newest is meant. Names, labels and tags mean one image until the user allows more. */
const defaultPick = ({ by }: Want): PickRule => (by === 'os' || by === 'digest' ? 'newest' : 'only')

/** What a wish states besides the want. */
export type WishOptions = { readonly [K in Exclude<keyof Wish, 'want'>]?: Wish[K] | undefined }

/** A wish with the defaults for everything that is not stated. */
export const createWish = (want: Want, options: WishOptions = {}): Wish => ({
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

/** The canonical text of everything in a wish but the want: what differs from the defaults, in a fixed order. Empty: nothing does. */
export const printWhere = (wish: Wish): string => {
  const usual = createWish(wish.want)
  const texts = ({ architecture, kinds, trust, evidence, livesAtLeast, ageAtLeast, pick }: Wish) => ({
    arch: architecture ?? '',
    kind: sorted(kinds),
    trust: sorted(trust),
    evidence,
    livesAtLeast: livesAtLeast ?? '',
    ageAtLeast: ageAtLeast ?? '',
    pick,
  })
  const defaults: Readonly<Record<string, string>> = texts(usual)
  return Object.entries(texts(wish))
    .filter(([key, text]) => text !== defaults[key])
    .map(([key, text]) => `${key}=${text}`)
    .join(' ')
}
