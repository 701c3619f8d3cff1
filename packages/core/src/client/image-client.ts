import * as E from 'fp-ts/lib/Either.js'
import type { Abortable } from '../source/abort.ts'
import type { Capabilities } from '../source/capabilities.ts'
import { CAPABILITY_NAMES, type CapabilityName } from '../capability-names.ts'
import type { ImageError } from '../error/image-error.ts'
import { find, type ImageSelector } from './find.ts'
import { ImageException } from '../error/image-exception.ts'
import type { Image } from '../image/image.ts'
import { listAll, type ListAllOptions } from './list-all.ts'
import type { Listing } from '../source/listing.ts'
import type { Page } from '../source/page.ts'
import { pages, type PagesOptions } from './pages.ts'
import { perform, type Method } from '../source/perform.ts'
import type { Query } from '../query/query.ts'
import type { ImageResult, CloudIdentity, ImageSource } from '../source/source.ts'

type Answered<T> = T extends ImageResult<infer A> ? A : never

/** The optional methods of a source as promises, with their documentation. A method that the source lacks throws `Unsupported`. */
type Calls = {
  readonly [N in keyof Pick<ImageSource, CapabilityName>]-?: (
    ...args: Parameters<Method<N>>
  ) => Promise<Answered<ReturnType<Method<N>>>>
}

/** A source for those who prefer promises, `for await` and exceptions. Whatever goes wrong is thrown as an `ImageException`. */
export interface ImageClient extends Calls {
  readonly cloud: CloudIdentity
  readonly capabilities: Capabilities
  readonly probe: (options?: Abortable) => Promise<Capabilities>
  readonly get: (id: string, options?: Abortable) => Promise<Image>
  readonly find: (wanted: ImageSelector, options?: Abortable) => Promise<Image>
  readonly listAll: (query?: Query, options?: ListAllOptions) => Promise<Listing>
  readonly pages: (query?: Query, options?: PagesOptions) => AsyncGenerator<Page, void, undefined>
  /** Image by image. Says nothing of records that could not be read: `pages` and `listAll` do. */
  readonly list: (query?: Query, options?: PagesOptions) => AsyncGenerator<Image, void, undefined>
}

const orThrow = <A>(answer: E.Either<ImageError, A>): A => {
  if (E.isLeft(answer)) throw new ImageException(answer.left)
  return answer.right
}

const promise = async <A>(answer: ImageResult<A>): Promise<A> => orThrow(await answer())

/** The one thin place that turns values into promises, iterables and exceptions. */
export const toClient = (source: ImageSource): ImageClient => {
  async function* pagesOrThrow(query?: Query, options?: PagesOptions): AsyncGenerator<Page, void, undefined> {
    for await (const answer of pages(source, query, options)) yield orThrow(answer)
  }
  async function* list(query?: Query, options?: PagesOptions): AsyncGenerator<Image, void, undefined> {
    for await (const { items } of pagesOrThrow(query, options)) yield* items
  }
  const calls = CAPABILITY_NAMES.map((name) => [
    name,
    (...args: Parameters<Method<typeof name>>) => promise(perform(source, name, ...args) as ImageResult<unknown>),
  ])
  return {
    ...(Object.fromEntries(calls) as Calls),
    cloud: source.cloud,
    capabilities: source.capabilities,
    probe: (options) => promise(source.probe(options)),
    get: (id, options) => promise(source.get(id, options)),
    find: (wanted, options) => promise(find(source, wanted, options)),
    listAll: (query, options) => promise(listAll(source, query, options)),
    pages: pagesOrThrow,
    list,
  }
}
