import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { unavailable, type ImageError } from '../../src/error/image-error.ts'
import { formatError } from '../../src/error/format-error.ts'
import { find, type ImageSelector } from '../../src/client/find.ts'
import type { Image } from '../../src/image/image.ts'
import { listAll } from '../../src/client/list-all.ts'
import type { Cursor, Page } from '../../src/source/page.ts'
import { pages, type PagesOptions } from '../../src/client/pages.ts'
import { FILTER_NAMES, matches, pickFilters, type FilterName, type Query } from '../../src/query/query.ts'
import type { ImageSource } from '../../src/source/source.ts'
import { createImage, numbered, createPage, SITE, createSource, type Answering } from '../paged-source.ts'

const drain = async (
  source: ImageSource,
  query: Query = {},
  options: PagesOptions = {},
): Promise<readonly E.Either<ImageError, Page>[]> => {
  const all: E.Either<ImageError, Page>[] = []
  for await (const answer of pages(source, query, options)) all.push(answer)
  return all
}

const getIds = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)

/** The image IDs of each page, or the tag of its error. */
const summarize = (answers: readonly E.Either<ImageError, Page>[]): readonly (readonly string[] | string)[] =>
  answers.map((answer) => (E.isLeft(answer) ? answer.left._tag : getIds(answer.right.items)))

/** Runs all pending callbacks. */
const runPending = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Delays each response until `open` is called for its cursor. */
const delayResponses = (
  answering: Answering,
): {
  readonly answering: Answering
  readonly open: (cursor: Cursor | null) => void
  readonly waiting: () => readonly (Cursor | null)[]
} => {
  const gates = new Map<Cursor | null, () => void>()
  return {
    answering: async (cursor, query, options) => {
      await new Promise<void>((resolve) => gates.set(cursor, resolve))
      gates.delete(cursor)
      return answering(cursor, query, options)
    },
    open: (cursor) => gates.get(cursor)?.(),
    waiting: () => [...gates.keys()],
  }
}

describe('pages', () => {
  it('returns all pages in order', async () => {
    const { source, asked } = createSource(numbered(3))
    expect(summarize(await drain(source))).toEqual([['image-0'], ['image-1'], ['image-2']])
    expect(asked).toEqual([null, '1', '2'])
  })

  it('fails after ten consecutive pages with only known images', async () => {
    const { source, asked } = createSource((cursor) =>
      E.right(createPage([createImage('a'), createImage('b')], String(Number(cursor ?? 0) + 1))),
    )
    const answers = summarize(await drain(source, { name: 'none fits' }))
    expect(answers.at(-1)).toBe('DecodeFailed')
    expect(asked.length).toBe(11)
  })

  it('fails after 10,000 consecutive empty pages', async () => {
    const { source, asked } = createSource((cursor) => E.right(createPage([], String(Number(cursor ?? 0) + 1))))
    expect(summarize(await drain(source)).at(-1)).toBe('DecodeFailed')
    expect(asked.length).toBe(10_000)
  })

  it('continues after thousands of empty pages of a filtering source', async () => {
    const { source } = createSource((cursor) =>
      E.right(
        Number(cursor ?? 0) < 9_999
          ? createPage([], String(Number(cursor ?? 0) + 1))
          : createPage([createImage('a')], null),
      ),
    )
    expect(summarize(await drain(source)).at(-1)).toEqual(['a'])
  })

  it('continues after a few empty pages or pages with only known images', async () => {
    const { source } = createSource((cursor) => {
      const at = Number(cursor ?? 0)
      const items = at % 9 === 0 ? [createImage(`image-${at}`)] : at % 2 === 0 ? [] : [createImage('image-0')]
      return E.right(createPage(items, at < 60 ? String(at + 1) : null))
    })
    const { items } = E.getOrElseW(() => ({ items: [] as readonly Image[] }))(await listAll(source)())
    expect(getIds(items)).toEqual([0, 9, 18, 27, 36, 45, 54].map((at) => `image-${at}`))
    const { source: ending } = createSource((cursor) =>
      E.right(createPage([createImage('a')], Number(cursor ?? 0) < 10 ? String(Number(cursor ?? 0) + 1) : null)),
    )
    expect(summarize(await drain(ending)).at(-1)).toEqual([])
  })

  it('returns rejected records and drift of a page', async () => {
    const rejected = [
      { provider: 'paper', pointer: '/1', issues: [{ pointer: '/1/id', expected: 'string', got: 'nothing' }], raw: {} },
    ]
    const drift = [
      { kind: 'unknown-word' as const, pointer: '/0/status', word: 'new', provider: 'paper', id: 'a', path: '/status' },
    ]
    const { source } = createSource(() => E.right({ items: [], rejected, drift, next: null }))
    expect(await drain(source, { name: 'none fits' })).toEqual([E.right({ items: [], rejected, drift, next: null })])
  })

  it('requests exactly one further page while a page is consumed', async () => {
    const { source, asked } = createSource(numbered(5))
    const listing = pages(source)
    await listing.next()
    await runPending()
    expect(asked).toEqual([null, '1'])
    await listing.next()
    expect(asked).toEqual([null, '1', '2'])
    await listing.return()
  })

  describe('with a source that calls onNext before it has read the page', () => {
    /** Like `numbered`, but calls `onNext` at once and delays each response. */
    const announcing = (count: number) => {
      const { answering, open, waiting } = delayResponses(numbered(count))
      const { source, asked } = createSource(async (cursor, query, options) => {
        await runPending()
        const next = Number(cursor ?? 0) + 1
        if (next < count) options.onNext?.(String(next))
        return answering(cursor, query, options)
      })
      return { source, asked, open, waiting }
    }

    it('requests the next page at once, and the following page only when the next one is awaited', async () => {
      const { source, asked, open, waiting } = announcing(4)
      const listing = pages(source)
      const first = listing.next()
      while (waiting().length < 2) await runPending()
      expect(waiting()).toEqual([null, '1'])
      open('1')
      open(null)
      expect(summarize([(await first).value as E.Either<ImageError, Page>])).toEqual([['image-0']])
      await runPending()
      expect(asked).toEqual([null, '1'])
      const rest = (async () => {
        const all: E.Either<ImageError, Page>[] = []
        for await (const answer of listing) all.push(answer)
        return all
      })()
      for (const cursor of ['2', '3']) {
        while (!waiting().includes(cursor)) await runPending()
        open(cursor)
      }
      expect(summarize(await rest)).toEqual([['image-1'], ['image-2'], ['image-3']])
      expect(asked).toEqual([null, '1', '2', '3'])
    })

    it('requests no page ahead when there is a limit', async () => {
      const { source, asked, open, waiting } = announcing(4)
      const listing = drain(source, {}, { limit: 1 })
      while (!waiting().includes(null)) await runPending()
      open(null)
      expect(summarize(await listing)).toEqual([['image-0']])
      expect(asked).toEqual([null])
    })

    it('fails when onNext repeats a cursor', async () => {
      const { source, asked } = createSource(async (cursor, _, { onNext }) => {
        await runPending()
        onNext?.('1')
        return E.right(createPage([createImage(cursor ?? 'first')], '1'))
      })
      expect(summarize(await drain(source))).toEqual([['first'], ['1'], 'DecodeFailed'])
      expect(asked).toEqual([null, '1'])
    })
  })

  it('requests pages in ahead concurrently, up to the limit, and returns them in order', async () => {
    const { answering, open, waiting } = delayResponses(numbered(6, true))
    const { source } = createSource(answering)
    const listing = drain(source, {}, { concurrency: 3 })
    await runPending()
    expect(waiting()).toEqual([null])
    open(null)
    await runPending()
    expect(waiting()).toEqual(['1', '2', '3'])
    open('3')
    open('2')
    await runPending()
    expect(waiting()).toEqual(['1']) // 2 and 3 are buffered, and count towards the limit
    open('1')
    await runPending()
    expect(waiting()).toEqual(['4', '5'])
    open('5')
    await runPending()
    open('4')
    expect(summarize(await listing)).toEqual([0, 1, 2, 3, 4, 5].map((at) => [`image-${at}`]))
  })

  it('returns the same images for any page count, concurrency, response order and ahead', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.nat({ max: 12 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 5 }),
        async (scheduler, count, isAhead, concurrency) => {
          const answering = scheduler.scheduleFunction(async (cursor: Cursor | null) =>
            numbered(count + 1, isAhead)(cursor, {}, {}),
          )
          const listing = drain(createSource(answering).source, {}, { concurrency })
          await scheduler.waitFor(listing)
          expect(summarize(await listing)).toEqual(Array.from({ length: count + 1 }, (_, at) => [`image-${at}`]))
        },
      ),
    )
  })

  it('follows next if ahead does not contain it, and the next of the last page in ahead', async () => {
    const script = new Map<Cursor | null, Page>([
      [null, createPage([createImage('a')], '1', ['2'])],
      ['1', createPage([createImage('b')], '2')],
      ['2', createPage([createImage('c')], '3')],
      ['3', createPage([createImage('d')], null)],
    ])
    const { source } = createSource((cursor) => E.right(script.get(cursor) as Page))
    expect(summarize(await drain(source))).toEqual([['a'], ['b'], ['c'], ['d']])
  })

  it.each<readonly [string, Answering, readonly (readonly string[] | string)[]]>([
    [
      'a page with its own cursor as next',
      (cursor) => E.right(createPage([createImage(cursor ?? 'first')], 'again')),
      [['first'], ['again'], 'DecodeFailed'],
    ],
    [
      'a longer cycle',
      (cursor) => E.right(createPage([createImage(cursor ?? 'first')], cursor === 'x' ? 'y' : 'x')),
      [['first'], ['x'], ['y'], 'DecodeFailed'],
    ],
    [
      'a cursor twice in ahead',
      (cursor) => E.right(createPage([createImage(cursor ?? 'first')], 'x', ['x', 'y', 'x'])),
      [['first'], 'DecodeFailed'],
    ],
  ])('fails after the images of the page: %s', async (_, answering, expected) => {
    const { source } = createSource(answering)
    expect(summarize(await drain(source))).toEqual(expected)
  })

  it('does not include a repeated cursor in the error', async () => {
    const { source } = createSource(() => E.right(createPage([], 'cursor-with-a-host')))
    expect(JSON.stringify((await drain(source)).at(-1))).not.toContain('cursor-with-a-host')
  })

  it('ends with the error of a failed page, after the pages before it', async () => {
    const { source, asked } = createSource((cursor, ...rest) =>
      cursor === '2' ? E.left(unavailable(SITE, { what: 'down' })) : numbered(9, true)(cursor, ...rest),
    )
    expect(summarize(await drain(source, {}, { concurrency: 2 }))).toEqual([['image-0'], ['image-1'], 'Unavailable'])
    expect(asked).not.toContain('4')
  })

  it('sends no further requests and aborts pending ones after an early return', async () => {
    const signals: (boolean | undefined)[] = []
    let isListening: () => boolean | undefined = () => undefined
    const { source, asked } = createSource((cursor, query, options) => {
      isListening = () => options.signal?.aborted
      return cursor === '1' ? new Promise(() => undefined) : numbered(9)(cursor, query, options)
    })
    for await (const _ of pages(source)) {
      signals.push(isListening())
      break
    }
    await runPending()
    expect(asked).toEqual([null, '1'])
    expect(signals).toEqual([false])
    expect(isListening()).toBe(true)
  })

  it('sends no request before the first page is read', async () => {
    const { source, asked } = createSource(numbered(1))
    pages(source)
    await runPending()
    expect(asked).toEqual([])
  })

  describe('with an aborted signal', () => {
    it('returns Aborted without a request if aborted before the start', async () => {
      const { source, asked } = createSource(numbered(3))
      expect(summarize(await drain(source, {}, { signal: AbortSignal.abort() }))).toEqual(['Aborted'])
      expect(asked).toEqual([])
    })

    it('returns Aborted at once during a request, even if the source ignores the signal', async () => {
      const controller = new AbortController()
      const { source } = createSource(() => new Promise(() => undefined))
      const listing = drain(source, {}, { signal: controller.signal })
      await runPending()
      controller.abort()
      expect(summarize(await listing)).toEqual(['Aborted'])
    })

    it('returns Aborted without a further request if aborted between pages', async () => {
      const controller = new AbortController()
      const { source, asked } = createSource(numbered(9))
      const listing = pages(source, {}, { signal: controller.signal })
      await listing.next()
      controller.abort()
      expect(await listing.next()).toMatchObject({ value: { left: { _tag: 'Aborted' } } })
      expect(await listing.next()).toEqual({ done: true, value: undefined })
      expect(asked).toEqual([null, '1'])
    })

    it('aborts the signal that the source receives', async () => {
      const controller = new AbortController()
      const heard: (boolean | undefined)[] = []
      const { source } = createSource((_, __, { signal }) => {
        heard.push(signal?.aborted)
        controller.abort()
        heard.push(signal?.aborted)
        return E.right(createPage([], null))
      })
      expect(summarize(await drain(source, {}, { signal: controller.signal }))).toEqual(['Aborted'])
      expect(heard).toEqual([false, true])
    })
  })

  describe('limit', () => {
    it.each([
      [0, [], []],
      [1, [['image-0']], [null]],
      [2, [['image-0'], ['image-1']], [null, '1']],
    ])('stops after %d images', async (limit, expected, requests) => {
      const { source, asked } = createSource(numbered(9))
      expect(summarize(await drain(source, {}, { limit }))).toEqual(expected)
      expect(asked).toEqual(requests)
    })

    it.each<readonly [string, Query, PagesOptions, number | undefined]>([
      ['uses a small limit as page size', {}, { limit: 3 }, 3],
      ['does not use a large limit as page size', {}, { limit: 101 }, undefined],
      ['prefers an explicit page size', {}, { limit: 3, pageSize: 50 }, 50],
      ['does not use the limit as page size if it filters images itself', { name: 'image-0' }, { limit: 3 }, undefined],
    ])('%s', async (_, query, options, expected) => {
      const sizes: (number | undefined)[] = []
      const { source } = createSource(
        (cursor, asked, call) => {
          sizes.push(call.pageSize)
          return numbered(1)(cursor, asked, call)
        },
        {},
        { filters: ['hidden'] },
      )
      await drain(source, query, options)
      expect(sizes).toEqual([expected])
    })

    it('does not wait for requested pages when the limit is reached', async () => {
      const { source, asked } = createSource(numbered(9, true))
      expect(summarize(await drain(source, {}, { limit: 2, concurrency: 2 }))).toEqual([['image-0'], ['image-1']])
      expect(asked).toEqual([null, '1', '2'])
    })

    it('counts matching images, not the images that the server sent', async () => {
      const named = (id: string, name: string): Image => createImage(id, { name })
      const { source } = createSource((cursor) =>
        E.right(
          cursor === null
            ? createPage([named('1', 'x'), named('2', 'y'), named('3', 'x')], 'more')
            : createPage([named('4', 'x'), named('5', 'x')], null),
        ),
      )
      expect(summarize(await drain(source, { name: 'x' }, { limit: 3 }))).toEqual([['1', '3'], ['4']])
    })
  })

  it('returns an image once if it moved to the next page during the listing', async () => {
    const { source } = createSource((cursor) =>
      E.right(
        cursor === null
          ? createPage([createImage('a'), createImage('b')], 'more')
          : createPage([createImage('b'), createImage('c')], null),
      ),
    )
    expect(summarize(await drain(source))).toEqual([['a', 'b'], ['c']])
  })

  describe('with a list that changes during the listing', () => {
    /** A change of the list before a response. `at`: the position as a fraction of its length. */
    interface Change {
      readonly kind: 'add' | 'remove'
      readonly at: number
    }
    const change: fc.Arbitrary<Change> = fc.record({
      kind: fc.constantFrom('add' as const, 'remove' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })

    /** A list of IDs. `permanent`: those that were never removed. */
    const changingList = (count: number) => {
      const ids = Array.from({ length: count }, (_, at) => `image-${at}`)
      const permanent = new Set(ids)
      let added = 0
      const apply = ({ kind, at }: Change): void => {
        const index = Math.floor(at * ids.length)
        if (kind === 'add') ids.splice(index, 0, `added-${added++}`)
        else for (const id of ids.splice(index, 1)) permanent.delete(id)
      }
      return { ids, permanent, apply, added: () => added }
    }

    /** The distances between the first and every further occurrence of an ID. */
    const repeatDistances = (ids: readonly string[]): readonly number[] =>
      ids.flatMap((id, index) => (ids.indexOf(id) < index ? [index - ids.indexOf(id)] : []))

    it('returns each image once with page numbers; repetitions are no further apart than the concurrent pages and the added images', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.nat({ max: 60 }),
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 40 }),
          async (scheduler, count, size, concurrency, changes) => {
            const list = changingList(count)
            const sent = new Map<number, readonly string[]>()
            const answering = scheduler.scheduleFunction(async (cursor: Cursor | null) => {
              for (const one of changes.shift() ?? []) list.apply(one)
              const page = Number(cursor ?? 1)
              const ids = list.ids.slice((page - 1) * size, page * size)
              sent.set(page, ids)
              const last = Math.ceil(list.ids.length / size)
              const ahead = Array.from({ length: Math.max(0, last - page) }, (_, index) => String(page + 1 + index))
              return E.right(
                createPage(
                  ids.map((id) => createImage(id)),
                  ahead[0] ?? null,
                  ahead,
                ),
              )
            })
            const listing = drain(createSource(answering).source, {}, { concurrency })
            await scheduler.waitFor(listing)
            const given = summarize(await listing).flat()
            const all = [...sent].sort(([a], [b]) => a - b).flatMap(([, ids]) => ids)
            expect(given).toEqual([...new Set(all)])
            for (const distance of repeatDistances(all))
              expect(distance).toBeLessThanOrEqual((concurrency + 1) * size + list.added())
          },
        ),
        { numRuns: 300 },
      )
    })

    it('returns each permanent image exactly once with markers that still exist', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: 60 }),
          fc.integer({ min: 1, max: 7 }),
          fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 40 }),
          async (count, size, changes) => {
            const list = changingList(count)
            const sent: string[] = []
            const { source } = createSource((marker) => {
              for (const one of changes.shift() ?? []) {
                const index = Math.floor(one.at * list.ids.length)
                if (one.kind === 'add' || list.ids[index] !== marker) list.apply(one)
              }
              const from = marker === null ? 0 : list.ids.indexOf(marker) + 1
              const ids = list.ids.slice(from, from + size)
              sent.push(...ids)
              return E.right(
                createPage(
                  ids.map((id) => createImage(id)),
                  from + size < list.ids.length ? (ids.at(-1) ?? null) : null,
                ),
              )
            })
            const given = summarize(await drain(source)).flat()
            expect(given).toEqual(sent)
            expect(new Set(sent).size).toBe(sent.length)
            for (const id of list.permanent) expect(given).toContain(id)
          },
        ),
        { numRuns: 300 },
      )
    })
  })

  describe('with more images than it remembers', () => {
    const SIZE = 1000
    const REMEMBERED = 65_536

    /** A list of numbered IDs with `SIZE` per page and unique cursors; `null` ends the list. */
    const respondWithIds =
      (idAt: (index: number) => number | null): Answering =>
      (cursor) => {
        const from = Number(cursor ?? 0)
        const ids = Array.from({ length: SIZE }, (_, index) => idAt(from + index)).filter((id) => id !== null)
        return E.right(
          createPage(
            ids.map((id) => createImage(`image-${id}`)),
            ids.length === SIZE ? String(from + SIZE) : null,
          ),
        )
      }

    const listed = async (
      idAt: (index: number) => number | null,
    ): Promise<{ readonly ids: readonly string[]; readonly error: string | null }> => {
      const ids: string[] = []
      for await (const answer of pages(createSource(respondWithIds(idAt)).source)) {
        if (E.isLeft(answer)) return { ids, error: answer.left._tag }
        for (const { ref } of answer.right.items) ids.push(ref.id)
      }
      return { ids, error: null }
    }

    it('drops no image, and returns an image again only if its repetition is too far away', async () => {
      const count = REMEMBERED * 2
      const { ids, error } = await listed((index) => {
        if (index > count) return null
        if (index === 100 + REMEMBERED) return 100
        return index === count ? 0 : index
      })
      expect(error).toBe(null)
      // One of the `count` + 1 sent images is a nearby repetition.
      expect(ids).toHaveLength(count)
      expect(new Set(ids).size).toBe(count - 1)
    })

    it('fails when the images repeat without end under new cursors', async () => {
      const { ids, error } = await listed((index) => index % (REMEMBERED + 5000))
      expect(error).toBe('DecodeFailed')
      expect(ids.length).toBeLessThan(8 * REMEMBERED)
    })

    it('continues when many images are hidden during the listing and listed again as hidden', async () => {
      const visible = 150_000
      const { ids, error } = await listed((index) =>
        index < visible ? index : index < visible + 30_000 ? index - visible + 60_000 : null,
      )
      expect(error).toBe(null)
      expect(new Set(ids).size).toBe(visible)
    })
  })

  it('does not apply a filter again that the server has applied', async () => {
    const { source } = createSource(
      () => E.right(createPage([createImage('a', { owner: 'me' }), createImage('b')], null)),
      {},
      { filters: ['name'] },
    )
    expect(summarize(await drain(source, { name: 'known to the server only' }))).toEqual([['a', 'b']])
    expect(summarize(await drain(source, { name: 'known to the server only', owner: 'me' }))).toEqual([['a']])
  })

  it('causes no unhandled rejection when a source rejects before its page is awaited', async () => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', hear)
    const { source } = createSource((cursor, ...rest) =>
      cursor === '1' ? Promise.reject(new TypeError('defect')) : numbered(3)(cursor, ...rest),
    )
    const listing = pages(source)
    await listing.next()
    await runPending()
    await runPending()
    process.off('unhandledRejection', hear)
    expect(unhandled).toEqual([])
    await expect(listing.next()).rejects.toThrow('defect')
  })

  it('throws the rejection of a defective source', async () => {
    const { source } = createSource((cursor, ...rest) =>
      cursor === '1' ? Promise.reject(new TypeError('defect')) : numbered(3)(cursor, ...rest),
    )
    await expect(drain(source)).rejects.toThrow('defect')
  })

  it('returns the same images whether or not the server filters', async () => {
    const images = Array.from({ length: 24 }, (_, at) =>
      createImage(`image-${at}`, {
        name: at % 2 === 0 ? 'even' : 'odd',
        architecture: ['x86_64', 'aarch64', null][at % 3] ?? null,
        status: at % 5 === 0 ? 'pending' : 'available',
        hidden: [true, false, null, null][at % 4] ?? null,
        tags: at % 7 < 3 ? ['a'] : [],
        createdAt: `2024-01-${String(at + 1).padStart(2, '0')}T00:00:00Z`,
      }),
    )
    const filtering = (filters: readonly FilterName[], size: number): ImageSource =>
      createSource(
        (cursor, query) => {
          const left = images.filter((image) => matches(pickFilters(query, filters), image))
          const end = Number(cursor ?? 0) + size
          return E.right(createPage(left.slice(end - size, end), end < left.length ? String(end) : null))
        },
        {},
        { filters },
      ).source
    const query: fc.Arbitrary<Query> = fc.record(
      {
        name: fc.constantFrom('even', 'odd'),
        architecture: fc.constantFrom('x86_64', 'aarch64'),
        status: fc.constantFrom('available' as const, 'pending' as const),
        hidden: fc.constantFrom('exclude' as const, 'include' as const, 'only' as const),
        tags: fc.constant(['a']),
        olderThan: fc.constantFrom('2024-01-08T00:00:00Z', '2024-01-20T00:00:00Z'),
        text: fc.constantFrom('1', 'EVEN'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        query,
        fc.subarray([...FILTER_NAMES]),
        fc.integer({ min: 1, max: 30 }),
        async (asked, filters, size) => {
          const answers = await drain(filtering(filters, size), asked)
          expect(summarize(answers).flat()).toEqual(getIds(images.filter((image) => matches(asked, image))))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('listAll', () => {
  const names = ['c', 'a', 'b']
  const lettered: Answering = (cursor) => {
    const at = Number(cursor ?? 0)
    return E.right({
      ...createPage(
        [createImage(String(at), { name: names[at] ?? null })],
        at + 1 < names.length ? String(at + 1) : null,
      ),
      rejected: [{ provider: 'paper', pointer: `/${at}`, issues: [], raw: null }],
      drift: [
        { kind: 'unknown-key', pointer: `/${at}/new`, got: 'string', provider: 'paper', id: String(at), path: '/new' },
      ],
    })
  }

  it('returns images, rejected records and drift of all pages in the provider’s order', async () => {
    const listing = await listAll(createSource(lettered).source)()
    expect(listing).toMatchObject({ right: { items: [{ name: 'c' }, { name: 'a' }, { name: 'b' }] } })
    expect(listing).toMatchObject({
      right: {
        rejected: [{ pointer: '/0' }, { pointer: '/1' }, { pointer: '/2' }],
        drift: [{ id: '0' }, { id: '1' }, { id: '2' }],
      },
    })
  })

  it('stops at the limit, and lists all images first when it sorts', async () => {
    const [plain, sorted] = [createSource(lettered), createSource(lettered)]
    expect(await listAll(plain.source, {}, { limit: 1 })()).toMatchObject({ right: { items: [{ name: 'c' }] } })
    expect(plain.asked).toEqual([null])
    expect(
      await listAll(sorted.source, {}, { limit: 2, sort: [{ key: 'name', direction: 'descending' }] })(),
    ).toMatchObject({ right: { items: [{ name: 'c' }, { name: 'b' }] } })
    expect(sorted.asked).toEqual([null, '1', '2'])
  })

  it('returns the first error', async () => {
    const { source } = createSource((cursor, ...rest) =>
      cursor === '1' ? E.left(unavailable(SITE, { what: 'down' })) : lettered(cursor, ...rest),
    )
    expect(await listAll(source)()).toMatchObject({ left: { _tag: 'Unavailable' } })
  })

  it('lists again on each run', async () => {
    const { source, asked } = createSource(numbered(2))
    const listing = listAll(source)
    expect(await listing()).toEqual(await listing())
    expect(asked).toEqual([null, '1', null, '1'])
  })
})

describe('find', () => {
  const images = [
    createImage('1', { name: 'ubuntu', architecture: 'x86_64' }),
    createImage('2', { name: 'ubuntu', architecture: 'aarch64' }),
    createImage('3', { name: 'debian' }),
    createImage('4', { name: '3' }),
    createImage('5', { name: '5' }),
    createImage('6', { name: 'debian', hidden: true }),
    createImage('7', { name: null, description: 'before the upgrade', labels: { role: 'web' } }),
    createImage('8', { name: 'named', description: 'before the upgrade' }),
    createImage('9', { name: null, description: 'debian' }),
  ]
  const { source } = createSource(() => E.right(createPage(images, null)), {}, {}, images)

  it.each<readonly [ImageSelector, string]>([
    [{ id: '1' }, '1'],
    [{ id: '6' }, '6'],
    [{ name: 'ubuntu', architecture: 'aarch64' }, '2'],
    [{ name: 'debian' }, '3'],
    [{ idOrName: '2' }, '2'],
    [{ idOrName: 'debian' }, '3'],
    [{ idOrName: 'ubuntu', architecture: 'x86_64' }, '1'],
    [{ idOrName: '5' }, '5'],
    [{ idOrName: 'before the upgrade' }, '7'],
    [{ name: 'debian', first: { hidden: 'only' } }, '6'],
    [{ idOrName: 'debian', first: { hidden: 'only' } }, '6'],
    [{ idOrName: 'ubuntu', architecture: 'x86_64', first: { hidden: 'only' } }, '1'],
    [{ idOrName: 'before the upgrade', first: { hidden: 'only' } }, '7'],
    [{ query: { labels: { role: 'web' } } }, '7'],
    [{ query: { description: 'before the upgrade', name: 'named' } }, '8'],
  ])('finds %j as image %s', async (wanted, id) => {
    expect(await find(source, wanted)()).toMatchObject({ right: { ref: { id } } })
  })

  it.each([
    [{ id: 'debian' }],
    [{ name: '1' }],
    [{ idOrName: 'none' }],
    [{ name: 'ubuntu', architecture: 'riscv64' }],
    [{ name: 'before the upgrade' }],
    [{ query: { distro: 'plan9' } }],
  ])('returns NotFound for %j', async (wanted) => {
    expect(await find(source, wanted)()).toMatchObject({
      left: { _tag: 'NotFound', operation: 'find', provider: 'paper', cloud: 'test' },
    })
  })

  it('hints at hidden images if the source can hide images and only visible ones were searched by name', async () => {
    const hiding: ImageSource = { ...source, hide: () => async () => E.left(unavailable(SITE, { what: 'not today' })) }
    const hintsAtHidden = async (one: ImageSource, wanted: ImageSelector): Promise<boolean> => {
      const answer = await find(one, wanted)()
      return E.isLeft(answer) && answer.left.hint.includes('hidden images are found only by ID')
    }
    expect(await hintsAtHidden(hiding, { name: 'none' })).toBe(true)
    expect(await hintsAtHidden(hiding, { idOrName: 'none' })).toBe(true)
    expect(await hintsAtHidden(source, { name: 'none' })).toBe(false)
    expect(await hintsAtHidden(hiding, { id: 'none' })).toBe(false)
    expect(await hintsAtHidden(hiding, { name: 'none', first: { hidden: 'only' } })).toBe(false)
  })

  it.each([
    [{ name: 'ubuntu' }, ['1', '2']],
    [{ idOrName: '3' }, ['3', '4']],
  ])('returns Ambiguous for %j', async (wanted, ids) => {
    expect(await find(source, wanted)()).toMatchObject({
      left: { _tag: 'Ambiguous', candidates: ids.map((id) => ({ ref: { id } })) },
    })
  })

  it('names the first five candidates and counts the others', async () => {
    const many = Array.from({ length: 8 }, (_, at) => createImage(`id-${at}`, { name: 'same' }))
    const result = await find(createSource(() => E.right(createPage(many, null))).source, { name: 'same' })()
    expect(E.isLeft(result) && formatError(result.left)).toContain(
      '8 images match same: id-0, id-1, id-2, id-3, id-4 and 3 more. Use the ID',
    )
  })

  it('returns any error other than NotFound', async () => {
    const down: ImageSource = { ...source, get: () => async () => E.left(unavailable(SITE, { what: 'down' })) }
    expect(await find(down, { idOrName: 'debian' })()).toMatchObject({ left: { _tag: 'Unavailable' } })
  })
})
