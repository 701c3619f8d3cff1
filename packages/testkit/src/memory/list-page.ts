import {
  createErrorSite,
  matches,
  pickFilters,
  rejected,
  type Image,
  type ImageSource,
  type Page,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { isListed } from './access.ts'
import type { Caller } from './caller.ts'
import { withOddRecords } from './faults.ts'
import type { MemoryCloudOptions } from './options.ts'
import type { MemoryState } from './state.ts'

/** Cuts the page that starts at `start`. `ahead`: whether it has the cursors of all further pages. */
const createPage = (images: readonly Image[], start: number, size: number, ahead: boolean): Page => {
  const starts = Array.from(
    { length: Math.max(0, Math.ceil(images.length / size) - 1) },
    (_, index) => (index + 1) * size,
  )
  const following = starts.filter((next) => next > start).map(String)
  return {
    items: images.slice(start, start + size),
    rejected: [],
    drift: [],
    next: following[0] ?? null,
    ...(ahead ? { ahead: following } : {}),
  }
}

export const createListPage =
  (
    { cloud, images }: MemoryState,
    { project, request }: Caller,
    { pageSize = 50, ahead = false, filters = [], fault }: MemoryCloudOptions,
  ): ImageSource['listPage'] =>
  (query, cursor, call = {}) =>
    request('listPage', call, (met) => {
      const size = Math.min(call.pageSize ?? pageSize, pageSize)
      const start = cursor === null ? 0 : Number(cursor)
      if (!Number.isInteger(start / size))
        return E.left(rejected(createErrorSite(cloud, 'listPage'), { what: 'the cursor is not from this listing' }))
      const applied = pickFilters(query, filters)
      const listed = [...images.values()]
        .filter((stored) => isListed(stored, project, applied))
        .map(({ image }) => image)
        .filter((image) => matches(applied, image))
      const sound = createPage(listed, start, size, ahead)
      const page = met?.kind === 'odd-records' ? withOddRecords(sound, cloud.provider) : sound
      return fault === undefined ? E.right(page) : fault({ number: start / size, cursor, page })
    })
