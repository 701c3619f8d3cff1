import type { Cursor } from '@imago/core'
import { isUuid } from './image-id.ts'

/** The two lists that Glance keeps apart: of those that are not hidden, and of those that are. */
export type Part = 'visible' | 'hidden'

/** Where a page begins. */
export interface Position {
  readonly part: Part
  /** After the first of these images; should it be gone by then, after the next one, and so on: they are the last ones of the page before, the last one first. Empty: at the beginning. */
  readonly after: readonly string[]
}

/** How many images may go away between two pages without the list being lost. */
const SPARE = 4

/** After a page of these records, of which `marker` is the last. */
export const positionAfter = (part: Part, marker: string, ids: readonly string[]): Position => ({
  part,
  after: [...new Set([marker, ...ids.slice(-SPARE).toReversed()])].filter(isUuid).slice(0, SPARE),
})

export const toCursor = ({ part, after }: Position): Cursor => `${part}:${after.join(',')}`

/** `null`: no cursor of a listing of this adapter. */
export const ofCursor = (cursor: Cursor): Position | null => {
  const [, part, ids = ''] = /^(visible|hidden):([0-9a-f,-]*)$/i.exec(cursor) ?? []
  if (part !== 'visible' && part !== 'hidden') return null
  const after = ids === '' ? [] : ids.split(',')
  return after.every(isUuid) ? { part, after } : null
}
