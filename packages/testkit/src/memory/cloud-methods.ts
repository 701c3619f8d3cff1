import type { ImageSource } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { isListed } from './access.ts'
import type { Caller } from './caller.ts'
import type { MemoryCloudOptions } from './options.ts'
import type { MemoryState } from './state.ts'
import { MEMORY_PRICES, createUsage } from './usage.ts'

type CloudMethods = Pick<ImageSource, 'owner' | 'orphans' | 'deleteOrphan' | 'usage' | 'prices'>

/** The methods that concern the whole cloud. */
export const createCloudMethods = (
  { cloud, images, orphans }: MemoryState,
  { project, request }: Caller,
  { users = [], prices = MEMORY_PRICES }: MemoryCloudOptions,
): CloudMethods => ({
  owner: (call = {}) => request('owner', call, () => E.right(project)),
  orphans: (call = {}) => request('orphans', call, () => E.right([...orphans.values()])),
  deleteOrphan: ({ kind, id }, call = {}) =>
    request('deleteOrphan', call, () => {
      orphans.delete(`${kind} ${id}`)
      return E.right(undefined)
    }),
  usage: ({ listing, ...call } = {}) =>
    request('usage', call, async () => {
      const listed = await listing?.()
      if (listed !== undefined && E.isLeft(listed)) return E.left({ ...listed.left, operation: 'usage' })
      const visible = [...images.values()].filter((stored) => isListed(stored, project, {}))
      const used = listed?.right.items ?? visible.map(({ image }) => image)
      return E.right(createUsage(cloud, project, users, used, images.values()))
    }),
  prices: (call = {}) => request('prices', call, () => E.right(prices)),
})
