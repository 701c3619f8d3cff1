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
  /** How many of its records could not be read. */
  readonly unreadable: number
  /** What to ask for next; `null`: this is the last page. */
  readonly next: string | null
}

/** A list, as far as it was read. */
export interface UsageList<A> {
  /** Of its edge source. */
  readonly name: string
  readonly items: readonly A[]
  readonly state: ReadState
  /** What ended the reading; `null`: nothing. */
  readonly error: ImageError | null
}

/** A cloud without the service, or without the path, has no such list. */
const toListState = (error: ImageError): ReadState => {
  const state = toReadState(error)
  return error._tag === 'NotFound' || error._tag === 'ConfigInvalid' ? { ...state, completeness: 'unsupported' } : state
}

const stateOf = (error: ImageError | null, unreadable: number): ReadState => {
  if (error !== null) return toListState(error)
  return unreadable === 0 ? READ : { completeness: 'failed', reason: `unreadable records: ${unreadable}` }
}

/**
 * All pages of a list. Never fails: what was read before an error counts, and `state` says that it is not all.
 * A record that cannot be read may refer to an image, so that the list is not `read`.
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
      state: stateOf(error, unreadable),
      error,
    })
    for (let next: string | null = null; ;) {
      const answer: E.Either<ImageError, UsagePage<A>> = await page(next)()
      if (E.isLeft(answer)) return ended({ ...answer.left, operation: OPERATION })
      for (const item of answer.right.items) items.push(item)
      unreadable += answer.right.unreadable
      next = answer.right.next
      if (next === null) return ended(null)
      if (asked.has(next))
        return ended(
          decodeFailed(createErrorSite(cloud, OPERATION), {
            what: `the list of ${name} does not end: a page names itself or an earlier one as the next`,
            issues: [],
          }),
        )
      asked.add(next)
    }
  }

/** How many images have a reference that was dropped when they were read, because it is of the wrong type. */
const countLost = ({ drift }: Listing, references: readonly string[]): number =>
  new Set(drift.flatMap(({ path, id }) => (references.some((key) => path.startsWith(`/${key}`)) ? [id] : []))).size

/** The images of a cloud as a list whose records can refer to others, by the wire fields `references`. */
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

/** The usage that `lists` make up. Their first error, if none of them was read, or if the caller stopped it. */
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
