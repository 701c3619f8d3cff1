import {
  decodeFailed,
  READ,
  createErrorSite,
  toReadState,
  type ImageResult,
  type CloudIdentity,
  type ImageError,
  type Listing,
  type Image,
  type ReadState,
  type Usage,
  type UsageEdge,
  type UsageView,
} from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Task } from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

const OPERATION = 'usage'

/** A page of a list whose records can refer to images. */
export interface UsagePage<A> {
  readonly items: readonly A[]
  /** The number of records that could not be read. */
  readonly unreadable: number
  /** The position of the next page; `null`: this is the last page. */
  readonly next: string | null
}

/** A list, as far as it was read. */
export interface UsageList<A> {
  /** The name of its edge source. */
  readonly name: string
  readonly items: readonly A[]
  readonly state: ReadState
  /** The error that ended the reading; `null`: none. */
  readonly error: ImageError | null
}

/** A missing service or path is a missing list, not a failure. */
const toListState = (error: ImageError): ReadState => {
  const state = toReadState(error)
  return error._tag === 'NotFound' || error._tag === 'ConfigInvalid' ? { ...state, completeness: 'unsupported' } : state
}

const determineState = (error: ImageError | null, unreadable: number): ReadState => {
  if (error !== null) return toListState(error)
  return unreadable === 0 ? READ : { completeness: 'failed', reason: `unreadable records: ${unreadable}` }
}

/**
 * Reads all pages of a list. Never fails: records read before an error count, and `state` shows that the list is incomplete. An unreadable record may
 * refer to an image, so the list is then not `read`.
 */
export const readUsageList =
  <A>(
    cloud: CloudIdentity,
    name: string,
    page: (next: string | null) => ImageResult<UsagePage<A>>,
  ): Task<UsageList<A>> =>
  async () => {
    const items: A[] = []
    const asked = new Set<string>()
    let unreadable = 0
    const ended = (error: ImageError | null): UsageList<A> => ({
      name,
      items,
      state: determineState(error, unreadable),
      error,
    })
    for (let next: string | null = null; ;) {
      const result: E.Either<ImageError, UsagePage<A>> = await page(next)()
      if (E.isLeft(result)) return ended({ ...result.left, operation: OPERATION })
      for (const item of result.right.items) items.push(item)
      unreadable += result.right.unreadable
      next = result.right.next
      if (next === null) return ended(null)
      if (asked.has(next))
        return ended(
          decodeFailed(createErrorSite(cloud, OPERATION), {
            what: `the list of ${name} does not end: a page links to itself or to an earlier page`,
            issues: [],
          }),
        )
      asked.add(next)
    }
  }

/** Counts the images that lost a reference because its type was wrong. */
const countLost = ({ drift }: Listing, references: readonly string[]): number =>
  new Set(drift.flatMap(({ path, id }) => (references.some((key) => path.startsWith(`/${key}`)) ? [id] : []))).size

/** Converts the images of a cloud to a list whose records refer to others in the wire fields `references`. */
export const readUsageImages = (
  cloud: CloudIdentity,
  listing: ImageResult<Listing>,
  references: readonly string[],
): Task<UsageList<Image>> =>
  readUsageList(cloud, 'images', () =>
    pipe(
      listing,
      TE.map((listed) => ({
        items: listed.items,
        unreadable: listed.rejected.length + countLost(listed, references),
        next: null,
      })),
    ),
  )

/** Combines lists to a usage. Fails with their first error if none was read, or if the caller aborted. */
export const toUsage = (
  lists: readonly UsageList<unknown>[],
  edges: readonly UsageEdge[],
  view: UsageView,
): E.Either<ImageError, Usage> => {
  const errors = lists.flatMap(({ error }) => (error === null ? [] : [error]))
  const fatal =
    errors.find(({ _tag }) => _tag === 'Aborted') ?? (errors.length === lists.length ? errors[0] : undefined)
  if (fatal !== undefined) return E.left(fatal)
  return E.right({ edges, sources: lists.map(({ name, state }) => ({ name, ...state })), view })
}
