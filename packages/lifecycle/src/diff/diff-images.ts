import type { Image } from '@imago/core'
import { compareAcrossClouds, compareOverTime, type FieldChange } from './field-changes.ts'
import { chooseMatch, matchImages, type ImagePair, type MatchBy } from './match-images.ts'

/** The images of one side of a comparison. */
export interface DiffSide {
  readonly images: readonly Image[]
  /** Whether all images of that side are known. Otherwise, a missing image may exist. */
  readonly isComplete: boolean
  /**
   * Images of that side that are not to be compared, because a selection omits them. If one of them is the counterpart of an image of the other side, that
   * image changed, and is neither added nor removed.
   */
  readonly unselected?: readonly Image[] | undefined
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

const listAll = ({ images, unselected = [] }: DiffSide): readonly Image[] =>
  unselected.length === 0 ? images : [...images, ...unselected]

/** Compares two sets of images. Default of `by`: see `chooseMatch`. */
export const diffImages = (before: DiffSide, after: DiffSide, by?: MatchBy): ImageDiff => {
  const [allBefore, allAfter] = [listAll(before), listAll(after)]
  const matchedBy = by ?? chooseMatch(allBefore, allAfter)
  const matched = matchImages(allBefore, allAfter, matchedBy)
  const unselected = new Set([...(before.unselected ?? []), ...(after.unselected ?? [])])
  const isSelected = (image: Image): boolean => !unselected.has(image)
  const pairs = matched.pairs.filter((pair) => isSelected(pair.before) || isSelected(pair.after))
  const onlyBefore = matched.onlyBefore.filter(isSelected)
  const onlyAfter = matched.onlyAfter.filter(isSelected)
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
