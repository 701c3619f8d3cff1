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

/** What a check may need besides the source, and not every subject has. */
export type Extra = 'other' | 'refused' | 'faults' | 'disk' | 'leftover'

/** One thing that a source promises, checked. */
export interface Check {
  /** What holds. */
  readonly name: string
  /** The promises of `ImageSource` that it is about. */
  readonly promises: readonly PromiseName[]
  /** The optional methods without which it says nothing. */
  readonly needs: readonly CapabilityName[]
  /** What else it says nothing without. */
  readonly uses?: Extra
  /** Whether it changes anything at the cloud. */
  readonly writes: boolean
  /** Why it says nothing of a source that declares this; `null`: it does. */
  readonly unless?: (capabilities: Capabilities) => string | null
  /** Throws where the promise is not kept; `NotApplicable`, where the cloud has nothing to try it on. */
  readonly run: (source: ImageSource, bench: Bench) => Promise<void>
}

/** A second project at the same cloud. */
export interface Other {
  readonly source: ImageSource
  /** Its id at the provider. */
  readonly project: string
}

/** Thrown by a check that finds nothing to try the promise on. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}

/** What a check may use besides the source. */
export interface Bench {
  /** What the suite was told that the source declares. */
  readonly declared: Capabilities
  /** The id of an image that the check may change and remove. It has data where the source can give it some. */
  readonly disposable: () => Promise<string>
  /** Notes an image that the check has made: it is removed at the end, however the check ends. */
  readonly made: (id: string) => void
  /** Fails where the subject has none; so do the following. */
  readonly other: () => Promise<Other>
  /** The id of a server to make an image from. */
  readonly server: () => Promise<string>
  /** A URL that the provider can fetch. */
  readonly url: () => Promise<string>
  /** Stores that a disposable image can be copied to. */
  readonly stores: () => Promise<readonly string[]>
  /** What comes soon. Fails with `otherwise` where it does not. */
  readonly soon: <A>(coming: Promise<A>, otherwise: string) => Promise<A>
  /** The far end of the source, made to fail. It is made whole again after the check. */
  readonly faults: () => Promise<FaultPort>
  /** The bytes of a disk to make an image of. */
  readonly disk: () => Promise<Uint8Array>
  /** Something that a run has left. */
  readonly leftover: () => Promise<Pick<OrphanedResource, 'kind' | 'id' | 'run'>>
  /** The id of an image that these credentials must not change. */
  readonly refused: () => Promise<string>
  /** Looks until what it sees will do, or until the deadline; gives what was seen last. */
  readonly until: <A>(look: () => Promise<A>, isGood: (seen: A) => boolean) => Promise<A>
  /** Waits for work to succeed, as far as the source can tell. */
  readonly finished: (operation: Operation) => Promise<void>
}

/** No provider gives such an id. */
export const NO_SUCH_ID = 'imago-no-such-image'

/** The value of an answer that must be one. */
export const must = async <A>(answer: ImageResult<A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) assert.fail(`must succeed: ${formatError(result.left)}`)
  return result.right
}

/** An error must be of this kind, and say where it comes from. */
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

/** The error of an answer that must be one of this kind. */
export const mustFail = async <Tag extends ImageErrorTag>(
  source: ImageSource,
  tag: Tag,
  answer: ImageResult<unknown>,
): Promise<Extract<ImageError, { readonly _tag: Tag }>> => {
  const result = await answer()
  assert.ok(E.isLeft(result), `must fail with ${tag}`)
  return mustBe(source, tag, result.left)
}

/** What was seen of a listing. */
export interface Walk {
  readonly pages: readonly Page[]
  readonly images: readonly Image[]
  /** Whether that is all of it. */
  readonly isWhole: boolean
}

/** A cloud may have thousands of images: a walk goes no further than this. */
const MOST_IMAGES = 300

/** A listing as the source itself gives it: pages followed by `next`, nothing filtered, sorted or left out by core. */
export const walk = async (source: ImageSource, query: Query, options: ListOptions = {}): Promise<Walk> => {
  const walked: Page[] = []
  const images: Image[] = []
  const seen = new Set<Cursor>()
  for (let cursor: Cursor | null = null; ;) {
    const page: Page = await must(source.listPage(query, cursor, options))
    walked.push(page)
    images.push(...page.items)
    const isWhole = page.next === null
    if (isWhole || images.length >= MOST_IMAGES) return { pages: walked, images, isWhole }
    assert.ok(!seen.has(page.next), 'a cursor comes once')
    seen.add(page.next)
    cursor = page.next
  }
}

/** How often a cloud may have been changed by others between two looks. */
const TRIES = 5

/** For what compares several looks at a cloud that others may change in between: it must hold in one of five tries. */
export const steadily = async (look: () => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      return await look()
    } catch (thrown) {
      if (tries === TRIES || thrown instanceof NotApplicable) throw thrown
    }
  }
}

export const idsOf = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)

/** All bytes, or those of a range. */
export const read = async (source: ByteSource, range?: ByteRange): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of await must(source.open(range))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** More than any provider's lists hold on one page unless more are asked for: Hetzner's hold 25, and 50 at most. */
export const MANY = 54

const LATE: unique symbol = Symbol('late')

/** What comes within so many milliseconds. Fails with `otherwise` where it does not. */
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
