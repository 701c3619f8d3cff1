import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import { perform } from '../source/perform.ts'
import type { Abortable } from '../source/abort.ts'
import { READ, toReadState, type ReadState } from '../source/read-state.ts'
import type { ImageSource, UsageOptions } from '../source/source.ts'
import type { Usage } from '../source/usage.ts'
import type { ObservedPrices } from './observation.ts'

/** The usage if it was not read: every image may be used. */
export const unreadUsage = (state: ReadState): Usage => ({
  edges: [],
  sources: [{ name: 'usage', ...state }],
  view: { kind: 'project', project: null, shared: null },
})

/** Reads what uses the images of a cloud. Never fails: the completeness of its sources shows what was read. */
export const readUsage =
  (source: ImageSource, options: UsageOptions): Task<Usage> =>
  async () => {
    const result = await perform(source, 'usage', options)()
    return E.isLeft(result) ? unreadUsage(toReadState(result.left)) : result.right
  }

/** Reads the prices of a cloud. Never fails: the completeness shows whether they were read. */
export const readPrices =
  (source: ImageSource, options: Abortable): Task<ObservedPrices> =>
  async () => {
    const result = await perform(source, 'prices', options)()
    return E.isLeft(result) ? { ...toReadState(result.left), prices: null } : { ...READ, prices: result.right }
  }
