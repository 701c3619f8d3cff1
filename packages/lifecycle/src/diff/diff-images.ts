import type { Image } from '@imago/core'
import { compareAcrossClouds, compareOverTime, type FieldChange } from './field-changes.ts'
import { chooseMatch, matchImages, type ImagePair, type MatchBy } from './match-images.ts'

/** The images of one side of a comparison. */
export interface DiffSide {
  readonly images: readonly Image[]
  /** Whether all images of that side are known. Otherwise, a missing image may exist. */
  readonly isComplete: boolean
}

/**
 * The change of an image.
 * - `added`, `removed`: only one side has it, and the other one is complete.
 * - `unknown`: only one side has it, and the other one is incomplete.
 */
export type DiffEntry =
  | ({ readonly state: 'same' } & ImagePair)
  | ({ readonly state: 'changed'; readonly changes: readonly FieldChange[] } & ImagePair)
  | { readonly state: 'added' | 'removed'; readonly image: Image }
  | { readonly state: 'unknown'; readonly image: Image; readonly missingFrom: 'before' | 'after' }

/** The result of `diffImages`. */
export interface ImageDiff {
  readonly matchedBy: MatchBy
  /** Pairs, then images of only one side. */
  readonly entries: readonly DiffEntry[]
}

/** Compares two sets of images. Default of `by`: see `chooseMatch`. */
export const diffImages = (before: DiffSide, after: DiffSide, by?: MatchBy): ImageDiff => {
  const matchedBy = by ?? chooseMatch(before.images, after.images)
  const { pairs, onlyBefore, onlyAfter } = matchImages(before.images, after.images, matchedBy)
  const compare = matchedBy === 'ref' ? compareOverTime : compareAcrossClouds
  return {
    matchedBy,
    entries: [
      ...pairs.map((pair): DiffEntry => {
        const changes = compare(pair.before, pair.after)
        return changes.length === 0 ? { state: 'same', ...pair } : { state: 'changed', changes, ...pair }
      }),
      ...onlyBefore.map((image): DiffEntry =>
        after.isComplete ? { state: 'removed', image } : { state: 'unknown', image, missingFrom: 'after' },
      ),
      ...onlyAfter.map((image): DiffEntry =>
        before.isComplete ? { state: 'added', image } : { state: 'unknown', image, missingFrom: 'before' },
      ),
    ],
  }
}

/** Whether anything is known to differ. */
export const isDifferent = ({ entries }: ImageDiff): boolean =>
  entries.some(({ state }) => state !== 'same' && state !== 'unknown')
