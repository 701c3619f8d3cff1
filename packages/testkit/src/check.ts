import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import {
  formatError,
  type ImageResult,
  type ByteRange,
  type ByteSource,
  type Capabilities,
  type CapabilityName,
  type Cursor,
  type Image,
  type ImageError,
  type ImageErrorTag,
  type ImageSource,
  type OrphanedResource,
  type ListOptions,
  type Operation,
  type Page,
  type Query,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import type { FaultPort } from './fault-port.ts'
import type { PromiseName } from './promises.ts'

/** Resources that a check may need and that only some subjects provide. */
export type OptionalResource = 'other' | 'refused' | 'faults' | 'disk' | 'orphan'

/** One check of the suite. */
export interface Check {
  /** The behaviour that it requires. */
  readonly name: string
  /** The promises of `ImageSource` that it covers. */
  readonly promises: readonly PromiseName[]
  /** The optional methods that it requires; without them, it is skipped. */
  readonly needs: readonly CapabilityName[]
  /** The resource that it requires; without it, it is skipped. */
  readonly uses?: OptionalResource
  /** Whether it changes anything in the cloud. */
  readonly writes: boolean
  /** Returns why the check does not apply to a source with these capabilities; `null`: it applies. */
  readonly unless?: (capabilities: Capabilities) => string | null
  /** Throws if the promise is broken, and `NotApplicable` if the cloud has nothing to check it on. */
  readonly run: (source: ImageSource, context: CheckContext) => Promise<void>
}

/** A second project in the same cloud. */
export interface SecondProject {
  readonly source: ImageSource
  /** Its ID at the provider. */
  readonly project: string
}

/** Thrown by a check that finds nothing to check. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}

/** What a check may use besides the source. */
export interface CheckContext {
  /** The capabilities that the subject declares. */
  readonly declared: Capabilities
  /** Returns the ID of an image that the check may change and delete. It has data if the source supports that. */
  readonly disposable: () => Promise<string>
  /** Registers an image that the check created: it is deleted at the end, whatever the result. */
  readonly deleteLater: (id: string) => void
  /** Throws if the subject has no second project. The following functions behave alike. */
  readonly other: () => Promise<SecondProject>
  /** Returns the ID of a server to create an image from. */
  readonly server: () => Promise<string>
  /** Returns a URL that the provider can fetch. */
  readonly url: () => Promise<string>
  /** Returns stores that a disposable image can be copied to. */
  readonly stores: () => Promise<readonly string[]>
  /** Waits for a prompt result. Fails with `otherwise` if it is late. */
  readonly soon: <A>(coming: Promise<A>, otherwise: string) => Promise<A>
  /** Returns the control of the source's server faults. They are cleared after the check. */
  readonly faults: () => Promise<FaultPort>
  /** Returns the bytes of a disk to create an image from. */
  readonly disk: () => Promise<Uint8Array>
  /** Creates an orphaned resource. */
  readonly orphan: () => Promise<Pick<OrphanedResource, 'kind' | 'id' | 'run' | 'epoch'>>
  /** Returns the ID of an image that these credentials must not change. */
  readonly refused: () => Promise<string>
  /** Repeats `look` until `isGood` or the deadline; returns the last result. */
  readonly until: <A>(look: () => Promise<A>, isGood: (seen: A) => boolean) => Promise<A>
  /** Waits for an operation to succeed, if the source can report operations. */
  readonly finished: (operation: Operation) => Promise<void>
}

/** An ID that no provider assigns. */
export const NO_SUCH_ID = 'imago-no-such-image'

/** Returns the value of a result. Throws if it is an error. */
export const must = async <A>(work: ImageResult<A>): Promise<A> => {
  const result = await work()
  if (E.isLeft(result)) assert.fail(`must succeed: ${formatError(result.left)}`)
  return result.right
}

/** Throws unless an error is of this kind and names its site. */
export const mustBe = <Tag extends ImageErrorTag>(
  source: ImageSource,
  tag: Tag,
  error: ImageError,
): Extract<ImageError, { readonly _tag: Tag }> => {
  assert.equal(error._tag, tag, `${error._tag} is not ${tag}: ${formatError(error)}`)
  assert.deepEqual(
    { provider: error.provider, cloud: error.cloud },
    { provider: source.cloud.provider, cloud: source.cloud.cloud },
    'an error names its cloud',
  )
  return error as Extract<ImageError, { readonly _tag: Tag }>
}

/** Returns the error of a result. Throws unless it is of this kind. */
export const mustFail = async <Tag extends ImageErrorTag>(
  source: ImageSource,
  tag: Tag,
  work: ImageResult<unknown>,
): Promise<Extract<ImageError, { readonly _tag: Tag }>> => {
  const result = await work()
  assert.ok(E.isLeft(result), `must fail with ${tag}`)
  return mustBe(source, tag, result.left)
}

/** The images of a listing, as far as it was read. */
export interface Walk {
  readonly pages: readonly Page[]
  readonly images: readonly Image[]
  /** Whether the listing was read to its end. */
  readonly isWhole: boolean
}

/** Limits a walk: a cloud may have thousands of images. */
const MAX_IMAGES = 300

/** Reads a listing from the source itself: it follows `next` and does no filtering, sorting or deduplication. */
export const walk = async (source: ImageSource, query: Query, options: ListOptions = {}): Promise<Walk> => {
  const walked: Page[] = []
  const images: Image[] = []
  const seen = new Set<Cursor>()
  for (let cursor: Cursor | null = null; ;) {
    const page: Page = await must(source.listPage(query, cursor, options))
    walked.push(page)
    images.push(...page.items)
    const isWhole = page.next === null
    if (isWhole || images.length >= MAX_IMAGES) return { pages: walked, images, isWhole }
    assert.ok(!seen.has(page.next), 'a cursor comes once')
    seen.add(page.next)
    cursor = page.next
  }
}

/** The number of attempts at a comparison that concurrent changes may disturb. */
const MAX_TRIES = 5

/** Runs a comparison of several reads of a cloud. It must succeed in one attempt, because others may change the cloud in between. */
export const steadily = async (look: () => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      return await look()
    } catch (thrown) {
      if (tries === MAX_TRIES || thrown instanceof NotApplicable) throw thrown
    }
  }
}

export const getIds = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)

/** Reads all bytes, or those of a range. */
export const read = async (source: ByteSource, range?: ByteRange): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await must(source.open(range))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** More than the default page size of any provider: Hetzner's is 25, at most 50. */
export const MANY = 54

const LATE: unique symbol = Symbol('late')

/** Waits at most `ms` milliseconds for `coming`. Fails with `otherwise` if it is late. */
export const within = async <A>(ms: number, coming: Promise<A>, otherwise: string): Promise<A> => {
  const timer = new AbortController()
  const late = setTimeout(ms, LATE, { signal: timer.signal })
  late.catch(() => undefined)
  try {
    const first = await Promise.race([coming, late])
    if (first === LATE) assert.fail(otherwise)
    return first
  } finally {
    timer.abort()
  }
}
