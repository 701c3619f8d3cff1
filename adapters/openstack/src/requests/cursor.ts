import type { Cursor } from '@imago/core/provider'
import { isUuid } from './image-id.ts'

/** Glance lists visible and hidden images separately. */
export type Part = 'visible' | 'hidden'

/** The start of a page. */
export interface Position {
  readonly part: Part
  /** IDs of the previous page's last images, the last one first. The page starts after the first of them that still exists; empty at the beginning. */
  readonly after: readonly string[]
}

/** Number of stored IDs, so that the position survives deletions between two pages. */
const SPARE = 4

/** The position after a page with these IDs, which ends with `marker`. */
export const positionAfter = (part: Part, marker: string, ids: readonly string[]): Position => ({
  part,
  after: [...new Set([marker, ...ids.slice(-SPARE).toReversed()])].filter(isUuid).slice(0, SPARE),
})

export const toCursor = ({ part, after }: Position): Cursor => `${part}:${after.join(',')}`

/** Parses a cursor; `null` if it is not from this adapter. */
export const parseCursor = (cursor: Cursor): Position | null => {
  const [, part, ids = ''] = /^(visible|hidden):([0-9a-f,-]*)$/i.exec(cursor) ?? []
  if (part !== 'visible' && part !== 'hidden') return null
  const after = ids === '' ? [] : ids.split(',')
  return after.every(isUuid) ? { part, after } : null
}
