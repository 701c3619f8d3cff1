import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import {
  isRetryable,
  formatError,
  createErrorSite,
  waitFor,
  type Capabilities,
  type ImageError,
  type ImageSource,
  type OrphanedResource,
  type WaitOptions,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { must, within, type Bench, type Other } from './check.ts'
import type { FaultPort } from './fault-port.ts'
import { createdWhole } from './new-image.ts'

/** How long a check waits for work at the provider, and how often it looks. Milliseconds. */
export interface Timing extends Pick<WaitOptions, 'intervalMs' | 'deadlineMs' | 'clock' | 'sleep'> {
  /** How soon what must come soon must come, by the real clock: the answer to a signal that aborts. */
  readonly soonMs: number
}

export const TIMING: Timing = {
  soonMs: 5000,
  intervalMs: 100,
  deadlineMs: 30_000,
  clock: Date.now,
  sleep: (ms) => setTimeout(ms),
}

/** The far end of the sources of a subject. */
export interface FaultSupply {
  readonly port: () => FaultPort | Promise<FaultPort>
  /** A source that asks through the port, and tries again without waiting (`createHurriedTiming`). Default: `make` of the subject. */
  readonly make?: (() => ImageSource | Promise<ImageSource>) | undefined
}

/** What a subject brings along for some checks, beside its source. */
export interface Supplies {
  /**
   * The id of an image that a check may change, and that is removed after it: with data, where images of this source can have some.
   * Needed where `create` and `upload` are not there to make one.
   */
  readonly disposable?: ((source: ImageSource) => Promise<string>) | undefined
  /** A second project at the cloud of this source: the one that images are shared with. Absent: only what one project can see is checked. */
  readonly other?: ((source: ImageSource) => Other | Promise<Other>) | undefined
  /** The id of a server to make an image from. Needed where `createFromServer` is declared. */
  readonly server?: ((source: ImageSource) => string | Promise<string>) | undefined
  /** Where the provider can fetch a raw image. Needed where `importFromUrl` is declared. */
  readonly url?: string | ((source: ImageSource) => string | Promise<string>) | undefined
  /** Where a disposable image can be copied to. Needed where `copyToStore` is declared. */
  readonly stores?: readonly string[] | undefined
  /** How to make the server fail that the source asks. Absent: how the source answers to refusals, failures and broken connections is not checked. */
  readonly faults?: FaultSupply | undefined
  /** The bytes of a raw disk. Absent: `createFromBytes`, which may start a server and cost something, is not checked. */
  readonly disk?: (() => Uint8Array | Promise<Uint8Array>) | undefined
  /** Makes something that a killed run would have left behind. Absent: that it is found and removed is not checked. */
  readonly leftover?:
    | ((
        source: ImageSource,
      ) => Pick<OrphanedResource, 'kind' | 'id' | 'run'> | Promise<Pick<OrphanedResource, 'kind' | 'id' | 'run'>>)
    | undefined
  /** The id of an image. For credentials that may only read: implies `readOnly`, and every writing method that is declared must answer `Forbidden` of this image. */
  readonly refused?: ((source: ImageSource) => string | Promise<string>) | undefined
}

/** A bench, and the end of it. */
export interface Workshop {
  readonly bench: Bench
  /** Removes every image that was made. Throws if one cannot be removed. */
  readonly clear: () => Promise<void>
}

const supplied = <A>(name: string, supply: A | undefined): A => {
  if (supply === undefined) assert.fail(`the subject must bring \`${name}\`, or except this promise with a reason`)
  return supply
}

/** The error of an image that cannot be removed; `null` when it is gone. One that is still at work is waited for. */
const removed = async (
  source: ImageSource,
  id: string,
  { intervalMs, deadlineMs, clock, sleep }: Timing,
): Promise<ImageError | null> => {
  if (source.delete === undefined) return null
  const end = clock() + deadlineMs
  for (;;) {
    const answer = await source.delete(id)()
    if (E.isRight(answer) || answer.left._tag === 'NotFound') return null
    const error = answer.left
    const isProtected = error._tag === 'Forbidden' && error.reason === 'protected' && source.protect !== undefined
    if (isProtected) await source.protect(id, false)()
    else if (error._tag !== 'Conflict' && !isRetryable(error)) return error
    if (clock() >= end) return error
    await sleep(intervalMs)
  }
}

export const createWorkshop = (
  source: ImageSource,
  supplies: Supplies & { readonly capabilities: Capabilities },
  timing: Timing,
): Workshop => {
  const leftovers: string[] = []
  let port: FaultPort | null = null
  const made = (id: string): void => void leftovers.push(id)
  const { intervalMs, deadlineMs, clock, sleep } = timing
  const bench: Bench = {
    made,
    declared: supplies.capabilities,
    disposable: async () => {
      if (supplies.disposable === undefined) return createdWhole(source, { made })
      const id = await supplies.disposable(source)
      made(id)
      return id
    },
    other: async () => supplied('other', supplies.other)(source),
    server: async () => supplied('server', supplies.server)(source),
    url: async () => {
      const url = supplied('url', supplies.url)
      return typeof url === 'string' ? url : url(source)
    },
    stores: async () => supplied('stores', supplies.stores),
    soon: (coming, otherwise) => within(timing.soonMs, coming, otherwise),
    faults: async () => (port ??= await supplied('faults', supplies.faults).port()),
    disk: async () => supplied('disk', supplies.disk)(),
    leftover: async () => supplied('leftover', supplies.leftover)(source),
    refused: async () => supplied('refused', supplies.refused)(source),
    until: async (look, isGood) => {
      for (const end = clock() + deadlineMs; ; await sleep(intervalMs)) {
        const seen = await look()
        if (isGood(seen) || clock() >= end) return seen
      }
    },
    finished: async ({ id }) => {
      if (source.operation !== undefined)
        await must(waitFor(createErrorSite(source.cloud, 'waitFor'), source.operation(id), timing))
    },
  }
  return {
    bench,
    clear: async () => {
      await port?.set(null)
      const errors: string[] = []
      for (const id of leftovers.toReversed()) {
        const error = await removed(source, id, timing)
        if (error !== null) errors.push(`image ${id}: ${formatError(error)}`)
      }
      assert.deepEqual(errors, [], 'what a check has made must be removed')
    },
  }
}
