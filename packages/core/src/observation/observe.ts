import type { Instant } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { Abortable } from '../source/abort.ts'
import { listAll } from '../client/list-all.ts'
import type { Listing } from '../source/listing.ts'
import type { ImageResult, ImageSource } from '../source/source.ts'
import type { CloudObservation, Observation, ObservedImages, ObservedPrices } from './observation.ts'
import { readPrices, readUsage, unreadUsage } from './read-parts.ts'
import { READ, toReadState, type ReadState } from '../source/read-state.ts'
import type { Usage } from '../source/usage.ts'

export interface ObserveOptions extends Abortable {
  /** The time of the observation. */
  readonly at: Instant
  /** How many clouds are read at the same time, at least 1. Default: 8. */
  readonly concurrency?: number | undefined
  /** What to read besides the images. Default: both. Omitted parts are `unsupported`, with a reason. */
  readonly parts?: readonly ('usage' | 'prices')[] | undefined
  /** As in `UsageOptions`. */
  readonly allProjects?: boolean | undefined
}

const CONCURRENCY = 8

/** Runs `work` only once, and returns its result to all callers. */
const shared = <A>(work: ImageResult<A>): ImageResult<A> => {
  let running: ReturnType<ImageResult<A>> | null = null
  return () => (running ??= work())
}

const toObservedImages = (listed: Awaited<ReturnType<ImageResult<Listing>>>): ObservedImages => {
  if (E.isLeft(listed)) return { ...toReadState(listed.left), items: [] }
  const { items, rejected } = listed.right
  if (rejected.length === 0) return { ...READ, items }
  return { completeness: 'failed', reason: `unreadable image records: ${rejected.length}`, items }
}

const OMITTED: ReadState = { completeness: 'unsupported', reason: 'not requested' }

const observeCloud = async (
  source: ImageSource,
  { signal, allProjects, parts = ['usage', 'prices'] }: ObserveOptions,
): Promise<CloudObservation> => {
  const { cloud } = source
  const listing = shared(listAll(source, { hidden: 'include' }, { signal }))
  const readOrOmitUsage = (): Promise<Usage> =>
    parts.includes('usage')
      ? readUsage(source, { signal, listing, allProjects })()
      : Promise.resolve(unreadUsage(OMITTED))
  const readOrOmitPrices = (): Promise<ObservedPrices> =>
    parts.includes('prices') ? readPrices(source, { signal })() : Promise.resolve({ ...OMITTED, prices: null })
  const [images, usage, prices] = await Promise.all([
    listing().then(toObservedImages),
    readOrOmitUsage(),
    readOrOmitPrices(),
  ])
  return { cloud, images, usage, prices }
}

/**
 * Reads images, usage and prices of several clouds concurrently. Never fails: `completeness` of each part shows whether it was read, and other parts and
 * clouds are unaffected. The clouds are in the order of `sources`.
 */
export const observe =
  (sources: readonly ImageSource[], options: ObserveOptions): Task<Observation> =>
  async () => {
    const clouds: CloudObservation[] = []
    const waiting = [...sources.entries()]
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, source] = next
        clouds[index] = await observeCloud(source, options)
      }
    }
    await Promise.all(Array.from({ length: Math.max(1, options.concurrency ?? CONCURRENCY) }, work))
    return { at: options.at, clouds }
  }
