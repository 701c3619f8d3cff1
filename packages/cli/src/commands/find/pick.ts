import { ambiguous, createErrorSite, isBefore, type Candidate, type Image, type ImageKind } from '@imago/core'
import { toProblem } from '../../live-problem.ts'
import type { FindImageOptions } from './options.ts'

const isNewer = (one: Candidate, other: Candidate): boolean =>
  one.createdAt !== null && (other.createdAt === null || isBefore(other.createdAt, one.createdAt))

const getKind = (candidate: Candidate): ImageKind | null => ('kind' in candidate ? (candidate as Image).kind : null)

/** The newest image of each kind; of equally new ones, the first. Images without a creation time are older than all others. */
export const newestOfKinds = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const best = new Map<ImageKind | null, Candidate>()
  for (const one of candidates) {
    const known = best.get(getKind(one))
    if (known === undefined || isNewer(one, known)) best.set(getKind(one), one)
  }
  return [...best.values()]
}

const findNewest = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates
    .slice(1)
    .reduce((best, one) => (best[0] !== undefined && isNewer(one, best[0]) ? [one] : best), candidates.slice(0, 1))

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'find')

/** The newest candidate. Without `--kind`, candidates of several kinds are ambiguous. */
const pickNewest = (candidates: readonly Candidate[], { kind }: FindImageOptions): readonly Candidate[] => {
  const best = newestOfKinds(candidates)
  if (kind !== undefined || best.length < 2) return findNewest(best)
  throw toProblem(
    ambiguous(SITE, {
      what: `images of ${best.length} kinds match: ${best.map(getKind).join(', ')}`,
      hint: 'Add --kind to choose among the newest images of each kind',
      candidates: best,
    }),
  )
}

/** The candidates that `--newest`, `--first` or `--all` choose. Several candidates without any of these are ambiguous. */
export const pick = (candidates: readonly Candidate[], options: FindImageOptions): readonly Candidate[] => {
  const { newest, first, all } = options
  if (newest === true) return pickNewest(candidates, options)
  if (first === true) return candidates.slice(0, 1)
  const [one, other] = candidates
  if (all === true || one === undefined || other === undefined) return candidates
  throw toProblem(
    ambiguous(SITE, {
      what: `${candidates.length} images match`,
      hint: 'Name one of these, add a filter, or use --newest, --first or --all',
      candidates,
    }),
  )
}
