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
import { must, within, type CheckContext, type SecondProject } from './check.ts'
import type { FaultPort } from './fault-port.ts'
import { createWithData } from './new-image.ts'

/** How long a check waits for work at the provider, and how often it polls. Milliseconds. */
export interface Timing extends Pick<WaitOptions, 'intervalMs' | 'deadlineMs' | 'clock' | 'sleep'> {
  /** The limit for prompt reactions, such as the one to an abort signal, in real time. */
  readonly soonMs: number
}

export const TIMING: Timing = {
  soonMs: 5000,
  intervalMs: 100,
  deadlineMs: 30_000,
  clock: Date.now,
  sleep: (ms) => setTimeout(ms),
}

/** How to make the server of a subject's sources fail. */
export interface FaultInjection {
  readonly port: () => FaultPort | Promise<FaultPort>
  /** Creates a source that sends its requests through the port and retries without delay (`createFastTiming`). Default: `make` of the subject. */
  readonly make?: (() => ImageSource | Promise<ImageSource>) | undefined
}

/** Resources that some checks need besides the source. */
export interface CheckResources {
  /**
   * Creates an image that a check may change and returns its ID; the check deletes it afterwards. It has data, if images of this source can have
   * data. Required unless the source declares `create` and `upload`.
   */
  readonly disposable?: ((source: ImageSource) => Promise<string>) | undefined
  /** A second project in the cloud of this source, to share images with. Absent: only checks of a single project run. */
  readonly other?: ((source: ImageSource) => SecondProject | Promise<SecondProject>) | undefined
  /** The ID of a server to create an image from. Required if `createFromServer` is declared. */
  readonly server?: ((source: ImageSource) => string | Promise<string>) | undefined
  /** A URL of a raw image that the provider can fetch. Required if `importFromUrl` is declared. */
  readonly url?: string | ((source: ImageSource) => string | Promise<string>) | undefined
  /** Stores that a disposable image can be copied to. Required if `copyToStore` is declared. */
  readonly stores?: readonly string[] | undefined
  /** How to make the source's server fail. Absent: reactions to refusals, failures and broken connections are not checked. */
  readonly faults?: FaultInjection | undefined
  /** The bytes of a raw disk. Absent: `createFromBytes`, which may start a server and incur charges, is not checked. */
  readonly disk?: (() => Uint8Array | Promise<Uint8Array>) | undefined
  /** Creates a resource as an interrupted run would leave it. Absent: `orphans` and `deleteOrphan` are not checked. */
  readonly orphan?:
    | ((
        source: ImageSource,
      ) =>
        | Pick<OrphanedResource, 'kind' | 'id' | 'run' | 'epoch'>
        | Promise<Pick<OrphanedResource, 'kind' | 'id' | 'run' | 'epoch'>>)
    | undefined
  /** The ID of an image, for read-only credentials. Implies `readOnly`; every declared writing method must fail with `Forbidden` for this image. */
  readonly refused?: ((source: ImageSource) => string | Promise<string>) | undefined
}

/** A context, and a function that cleans up after it. */
export interface PreparedContext {
  readonly context: CheckContext
  /** Deletes every image that was created. Throws if an image cannot be deleted. */
  readonly clear: () => Promise<void>
}

const supplied = <A>(name: string, supply: A | undefined): A => {
  if (supply === undefined) assert.fail(`the subject must provide \`${name}\`, or except this promise with a reason`)
  return supply
}

/** Deletes an image, after waiting for its pending work. Returns the error if that fails; `null` when it is gone. */
const removeImage = async (
  source: ImageSource,
  id: string,
  { intervalMs, deadlineMs, clock, sleep }: Timing,
): Promise<ImageError | null> => {
  if (source.delete === undefined) return null
  const end = clock() + deadlineMs
  for (;;) {
    const result = await source.delete(id)()
    if (E.isRight(result) || result.left._tag === 'NotFound') return null
    const error = result.left
    const isProtected = error._tag === 'Forbidden' && error.reason === 'protected' && source.protect !== undefined
    if (isProtected) await source.protect(id, false)()
    else if (error._tag !== 'Conflict' && !isRetryable(error)) return error
    if (clock() >= end) return error
    await sleep(intervalMs)
  }
}

export const prepareContext = (
  source: ImageSource,
  resources: CheckResources & { readonly capabilities: Capabilities },
  timing: Timing,
): PreparedContext => {
  const created: string[] = []
  let port: FaultPort | null = null
  const deleteLater = (id: string): void => void created.push(id)
  const { intervalMs, deadlineMs, clock, sleep } = timing
  const context: CheckContext = {
    deleteLater,
    declared: resources.capabilities,
    disposable: async () => {
      if (resources.disposable === undefined) return createWithData(source, { deleteLater })
      const id = await resources.disposable(source)
      deleteLater(id)
      return id
    },
    other: async () => supplied('other', resources.other)(source),
    server: async () => supplied('server', resources.server)(source),
    url: async () => {
      const url = supplied('url', resources.url)
      return typeof url === 'string' ? url : url(source)
    },
    stores: async () => supplied('stores', resources.stores),
    soon: (coming, otherwise) => within(timing.soonMs, coming, otherwise),
    faults: async () => (port ??= await supplied('faults', resources.faults).port()),
    disk: async () => supplied('disk', resources.disk)(),
    orphan: async () => supplied('orphan', resources.orphan)(source),
    refused: async () => supplied('refused', resources.refused)(source),
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
    context,
    clear: async () => {
      await port?.set(null)
      const errors: string[] = []
      for (const id of created.toReversed()) {
        const error = await removeImage(source, id, timing)
        if (error !== null) errors.push(`image ${id}: ${formatError(error)}`)
      }
      assert.deepEqual(errors, [], 'images that a check created must be deleted')
    },
  }
}
