import assert from 'node:assert/strict'
import { messageOf, type Answer, type CapabilityName, type Cursor, type Image, type ImageError, type ImageErrorTag, type ImageSource, type Page, type Query } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'

/** One promise of `ImageSource`, checked. */
export interface Check {
  /** The promise. */
  readonly name: string
  /** The optional methods without which it says nothing. */
  readonly needs: readonly CapabilityName[]
  /** Throws where the promise is not kept. */
  readonly run: (source: ImageSource, bench: Bench) => Promise<void>
}

/** What a check may use besides the source. */
export interface Bench {
  /** The id of an image that the check may change and remove. */
  readonly disposable: () => Promise<string>
}

/** The value of an answer that must be one. */
export const must = async <A>(answer: Answer<A>): Promise<A> => {
  const result = await answer()
  if (E.isLeft(result)) assert.fail(`must succeed: ${messageOf(result.left)}`)
  return result.right
}

/** The error of an answer that must be one of this kind; it must say where it comes from. */
export const mustFail = async <Tag extends ImageErrorTag>(source: ImageSource, tag: Tag, answer: Answer<unknown>): Promise<Extract<ImageError, { readonly _tag: Tag }>> => {
  const result = await answer()
  assert.ok(E.isLeft(result), `must fail with ${tag}`)
  const error = result.left
  assert.equal(error._tag, tag, messageOf(error))
  assert.deepEqual({ provider: error.provider, cloud: error.cloud }, { provider: source.cloud.provider, cloud: source.cloud.cloud }, 'an error names its cloud')
  return error as Extract<ImageError, { readonly _tag: Tag }>
}

/** A listing as the source itself gives it: pages followed by `next`, nothing filtered, sorted or left out by core. */
export const walk = async (source: ImageSource, query: Query): Promise<readonly Page[]> => {
  const walked: Page[] = []
  const seen = new Set<Cursor>()
  for (let cursor: Cursor | null = null; ; ) {
    const page: Page = await must(source.listPage(query, cursor))
    walked.push(page)
    if (page.next === null) return walked
    assert.ok(!seen.has(page.next), 'a cursor comes once')
    seen.add(page.next)
    cursor = page.next
  }
}

/** The images of such a listing. */
export const walkImages = async (source: ImageSource, query: Query): Promise<readonly Image[]> => (await walk(source, query)).flatMap(({ items }) => items)

export const idsOf = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)
