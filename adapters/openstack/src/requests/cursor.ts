import type { Cursor } from '@imago/core/provider'
import { isUuid } from './image-id.ts'

/** Glance lists visible and hidden images separately. */
export type Part = 'visible' | 'hidden'

/** The start of a page. */
export interface Position {
  readonly part: Part
  /** After the first of these images that still exists. They are the last images of the previous page, the last one first. Empty: at the beginning. */
  readonly after: readonly string[]
}

/** How many images may be deleted between two pages without losing the position. */
const SPARE = 4

/** The position after a page with these IDs, of which `marker` is the last. */
export const positionAfter = (part: Part, marker: string, ids: readonly string[]): Position => ({
  part,
  after: [...new Set([marker, ...ids.slice(-SPARE).toReversed()])].filter(isUuid).slice(0, SPARE),
})

export const toCursor = ({ part, after }: Position): Cursor => `${part}:${after.join(',')}`

/** `null`: not a cursor of this adapter. */
export const parseCursor = (cursor: Cursor): Position | null => {
  const [, part, ids = ''] = /^(visible|hidden):([0-9a-f,-]*)$/i.exec(cursor) ?? []
  if (part !== 'visible' && part !== 'hidden') return null
  const after = ids === '' ? [] : ids.split(',')
  return after.every(isUuid) ? { part, after } : null
}
