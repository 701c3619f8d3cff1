import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { unavailable, type ImageError } from '../../src/error/image-error.ts'
import { find, type ImageSelector } from '../../src/client/find.ts'
import type { Image } from '../../src/image/image.ts'
import { listAll } from '../../src/client/list-all.ts'
import type { Cursor, Page } from '../../src/source/page.ts'
import { pages, type PagesOptions } from '../../src/client/pages.ts'
import { FILTER_NAMES, matches, pickFilters, type FilterName, type Query } from '../../src/query/query.ts'
import type { ImageSource } from '../../src/source/source.ts'
import { imageOf, numbered, pageOf, SITE, sourceOf, type Answering } from '../paged-source.ts'

const drain = async (
  source: ImageSource,
  query: Query = {},
  options: PagesOptions = {},
): Promise<readonly E.Either<ImageError, Page>[]> => {
  const all: E.Either<ImageError, Page>[] = []
  for await (const answer of pages(source, query, options)) all.push(answer)
  return all
}

const idsOf = (images: readonly Image[]): readonly string[] => images.map(({ ref }) => ref.id)

/** Each answer as its ids, or as the tag of its error. */
const told = (answers: readonly E.Either<ImageError, Page>[]): readonly (readonly string[] | string)[] =>
  answers.map((answer) => (E.isLeft(answer) ? answer.left._tag : idsOf(answer.right.items)))

/** Lets everything that can go on go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Answers that wait until they are let go, one cursor at a time. */
const gated = (
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
  test('follows next to the end, in order', async () => {
    const { source, asked } = sourceOf(numbered(3))
    expect(told(await drain(source))).toEqual([['image-0'], ['image-1'], ['image-2']])
    expect(asked).toEqual([null, '1', '2'])
  })

  test('a server that sends the same images under ever new cursors: an error, after ten such pages', async () => {
    const { source, asked } = sourceOf((cursor) =>
      E.right(pageOf([imageOf('a'), imageOf('b')], String(Number(cursor ?? 0) + 1))),
    )
    const answers = told(await drain(source, { name: 'none fits' }))
    expect(answers.at(-1)).toBe('DecodeFailed')
    expect(asked.length).toBe(11)
  })

  test('a server that sends empty pages under ever new cursors: an error, in the end', async () => {
    const { source, asked } = sourceOf((cursor) => E.right(pageOf([], String(Number(cursor ?? 0) + 1))))
    expect(told(await drain(source)).at(-1)).toBe('DecodeFailed')
    expect(asked.length).toBe(10_000)
  })

  test('a source that filters by itself may give thousands of empty pages', async () => {
    const { source } = sourceOf((cursor) =>
      E.right(Number(cursor ?? 0) < 9_999 ? pageOf([], String(Number(cursor ?? 0) + 1)) : pageOf([imageOf('a')], null)),
    )
    expect(told(await drain(source)).at(-1)).toEqual(['a'])
  })

  test('some pages that bring nothing new, or nothing at all, are no circle', async () => {
    const { source } = sourceOf((cursor) => {
      const at = Number(cursor ?? 0)
      const items = at % 9 === 0 ? [imageOf(`image-${at}`)] : at % 2 === 0 ? [] : [imageOf('image-0')]
      return E.right(pageOf(items, at < 60 ? String(at + 1) : null))
    })
    const { items } = E.getOrElseW(() => ({ items: [] as readonly Image[] }))(await listAll(source)())
    expect(idsOf(items)).toEqual([0, 9, 18, 27, 36, 45, 54].map((at) => `image-${at}`))
    const { source: ending } = sourceOf((cursor) =>
      E.right(pageOf([imageOf('a')], Number(cursor ?? 0) < 10 ? String(Number(cursor ?? 0) + 1) : null)),
    )
    expect(told(await drain(ending)).at(-1)).toEqual([])
  })

  test('passes rejected records and drift on', async () => {
    const rejected = [
      { provider: 'paper', pointer: '/1', issues: [{ pointer: '/1/id', expected: 'string', got: 'nothing' }], raw: {} },
    ]
    const drift = [
      { kind: 'unknown-word' as const, pointer: '/0/status', word: 'new', provider: 'paper', id: 'a', path: '/status' },
    ]
    const { source } = sourceOf(() => E.right({ items: [], rejected, drift, next: null }))
    expect(await drain(source, { name: 'none fits' })).toEqual([E.right({ items: [], rejected, drift, next: null })])
  })

  test('asks for the next page, and for one only, while this one is consumed', async () => {
    const { source, asked } = sourceOf(numbered(5))
    const listing = pages(source)
    await listing.next()
    await settled()
    expect(asked).toEqual([null, '1'])
    await listing.next()
    expect(asked).toEqual([null, '1', '2'])
    await listing.return()
  })

  describe('a source that tells the next page before it has read this one', () => {
    /** As `numbered`, but the next page is told at once, and each answer waits. */
    const telling = (count: number) => {
      const { answering, open, waiting } = gated(numbered(count))
      const { source, asked } = sourceOf(async (cursor, query, options) => {
        await settled()
        const next = Number(cursor ?? 0) + 1
        if (next < count) options.onNext?.(String(next))
        return answering(cursor, query, options)
      })
      return { source, asked, open, waiting }
    }

    test('the next page is asked for at once, the one after it only when that one is awaited', async () => {
      const { source, asked, open, waiting } = telling(4)
      const listing = pages(source)
      const first = listing.next()
      while (waiting().length < 2) await settled()
      expect(waiting()).toEqual([null, '1'])
      open('1')
      open(null)
      expect(told([(await first).value as E.Either<ImageError, Page>])).toEqual([['image-0']])
      await settled()
      expect(asked).toEqual([null, '1'])
      const rest = (async () => {
        const all: E.Either<ImageError, Page>[] = []
        for await (const answer of listing) all.push(answer)
        return all
      })()
      for (const cursor of ['2', '3']) {
        while (!waiting().includes(cursor)) await settled()
        open(cursor)
      }
      expect(told(await rest)).toEqual([['image-1'], ['image-2'], ['image-3']])
      expect(asked).toEqual([null, '1', '2', '3'])
    })

    test('with a limit, nothing is asked for that may not be wanted', async () => {
      const { source, asked, open, waiting } = telling(4)
      const listing = drain(source, {}, { limit: 1 })
      while (!waiting().includes(null)) await settled()
      open(null)
      expect(told(await listing)).toEqual([['image-0']])
      expect(asked).toEqual([null])
    })

    test('that tells a page already listed, runs in circles', async () => {
      const { source, asked } = sourceOf(async (cursor, _, { onNext }) => {
        await settled()
        onNext?.('1')
        return E.right(pageOf([imageOf(cursor ?? 'first')], '1'))
      })
      expect(told(await drain(source))).toEqual([['first'], ['1'], 'DecodeFailed'])
      expect(asked).toEqual([null, '1'])
    })
  })

  test('asks for pages known ahead at the same time, never for more than it may, and gives them in order', async () => {
    const { answering, open, waiting } = gated(numbered(6, true))
    const { source } = sourceOf(answering)
    const listing = drain(source, {}, { concurrency: 3 })
    await settled()
    expect(waiting()).toEqual([null])
    open(null)
    await settled()
    expect(waiting()).toEqual(['1', '2', '3'])
    open('3')
    open('2')
    await settled()
    expect(waiting()).toEqual(['1']) // 2 and 3 wait to be given: they count
    open('1')
    await settled()
    expect(waiting()).toEqual(['4', '5'])
    open('5')
    await settled()
    open('4')
    expect(told(await listing)).toEqual([0, 1, 2, 3, 4, 5].map((at) => [`image-${at}`]))
  })

  test('law: whatever the page size, the concurrency, the order of answers and the knowledge ahead, the images are the same', async () => {
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
          const listing = drain(sourceOf(answering).source, {}, { concurrency })
          await scheduler.waitFor(listing)
          expect(told(await listing)).toEqual(Array.from({ length: count + 1 }, (_, at) => [`image-${at}`]))
        },
      ),
    )
  })

  test('a page whose ahead leaves out its next still has one; the last page known ahead leads on', async () => {
    const script = new Map<Cursor | null, Page>([
      [null, pageOf([imageOf('a')], '1', ['2'])],
      ['1', pageOf([imageOf('b')], '2')],
      ['2', pageOf([imageOf('c')], '3')],
      ['3', pageOf([imageOf('d')], null)],
    ])
    const { source } = sourceOf((cursor) => E.right(script.get(cursor) as Page))
    expect(told(await drain(source))).toEqual([['a'], ['b'], ['c'], ['d']])
  })

  test.each<readonly [string, Answering, readonly (readonly string[] | string)[]]>([
    [
      'a page that follows itself',
      (cursor) => E.right(pageOf([imageOf(cursor ?? 'first')], 'again')),
      [['first'], ['again'], 'DecodeFailed'],
    ],
    [
      'a longer circle',
      (cursor) => E.right(pageOf([imageOf(cursor ?? 'first')], cursor === 'x' ? 'y' : 'x')),
      [['first'], ['x'], ['y'], 'DecodeFailed'],
    ],
    [
      'a cursor twice ahead',
      (cursor) => E.right(pageOf([imageOf(cursor ?? 'first')], 'x', ['x', 'y', 'x'])),
      [['first'], 'DecodeFailed'],
    ],
  ])('%s is an error, after its own images', async (_, answering, expected) => {
    const { source } = sourceOf(answering)
    expect(told(await drain(source))).toEqual(expected)
  })

  test('a cursor never gets into the error about it', async () => {
    const { source } = sourceOf(() => E.right(pageOf([], 'cursor-with-a-host')))
    expect(JSON.stringify((await drain(source)).at(-1))).not.toContain('cursor-with-a-host')
  })

  test('a failing page ends the listing, behind the pages before it', async () => {
    const { source, asked } = sourceOf((cursor, ...rest) =>
      cursor === '2' ? E.left(unavailable(SITE, { what: 'down' })) : numbered(9, true)(cursor, ...rest),
    )
    expect(told(await drain(source, {}, { concurrency: 2 }))).toEqual([['image-0'], ['image-1'], 'Unavailable'])
    expect(asked).not.toContain('4')
  })

  test('an early return asks for nothing more, and aborts what is under way', async () => {
    const signals: (boolean | undefined)[] = []
    let isListening: () => boolean | undefined = () => undefined
    const { source, asked } = sourceOf((cursor, query, options) => {
      isListening = () => options.signal?.aborted
      return cursor === '1' ? new Promise(() => undefined) : numbered(9)(cursor, query, options)
    })
    for await (const _ of pages(source)) {
      signals.push(isListening())
      break
    }
    await settled()
    expect(asked).toEqual([null, '1'])
    expect([...signals, isListening()]).toEqual([false, true])
  })

  test('does nothing before it is asked for its first page', async () => {
    const { source, asked } = sourceOf(numbered(1))
    pages(source)
    await settled()
    expect(asked).toEqual([])
  })

  describe('an aborted signal', () => {
    test('from the start: Aborted, and no request', async () => {
      const { source, asked } = sourceOf(numbered(3))
      expect(told(await drain(source, {}, { signal: AbortSignal.abort() }))).toEqual(['Aborted'])
      expect(asked).toEqual([])
    })

    test('while a page is under way: Aborted at once, though the source does not listen', async () => {
      const controller = new AbortController()
      const { source } = sourceOf(() => new Promise(() => undefined))
      const listing = drain(source, {}, { signal: controller.signal })
      await settled()
      controller.abort()
      expect(told(await listing)).toEqual(['Aborted'])
    })

    test('between pages: Aborted, and no further request', async () => {
      const controller = new AbortController()
      const { source, asked } = sourceOf(numbered(9))
      const listing = pages(source, {}, { signal: controller.signal })
      await listing.next()
      controller.abort()
      expect(await listing.next()).toMatchObject({ value: { left: { _tag: 'Aborted' } } })
      expect(await listing.next()).toEqual({ done: true, value: undefined })
      expect(asked).toEqual([null, '1'])
    })

    test('is handed to the source', async () => {
      const controller = new AbortController()
      const heard: (boolean | undefined)[] = []
      const { source } = sourceOf((_, __, { signal }) => {
        heard.push(signal?.aborted)
        controller.abort()
        heard.push(signal?.aborted)
        return E.right(pageOf([], null))
      })
      expect(told(await drain(source, {}, { signal: controller.signal }))).toEqual(['Aborted'])
      expect(heard).toEqual([false, true])
    })
  })

  describe('limit', () => {
    test.each([
      [0, [], []],
      [1, [['image-0']], [null]],
      [2, [['image-0'], ['image-1']], [null, '1']],
    ])('%d', async (limit, expected, requests) => {
      const { source, asked } = sourceOf(numbered(9))
      expect(told(await drain(source, {}, { limit }))).toEqual(expected)
      expect(asked).toEqual(requests)
    })

    test.each<readonly [string, Query, PagesOptions, number | undefined]>([
      ['a small one is the size of a page', {}, { limit: 3 }, 3],
      ['a large one is not', {}, { limit: 101 }, undefined],
      ['a size that is asked for holds', {}, { limit: 3, pageSize: 50 }, 50],
      ['one of images that are filtered here is not', { name: 'image-0' }, { limit: 3 }, undefined],
    ])('%s', async (_, query, options, expected) => {
      const sizes: (number | undefined)[] = []
      const { source } = sourceOf(
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

    test('reached while pages known ahead are under way: they are let go', async () => {
      const { source, asked } = sourceOf(numbered(9, true))
      expect(told(await drain(source, {}, { limit: 2, concurrency: 2 }))).toEqual([['image-0'], ['image-1']])
      expect(asked).toEqual([null, '1', '2'])
    })

    test('cuts a page, and counts what fits, not what the server sent', async () => {
      const named = (id: string, name: string): Image => imageOf(id, { name })
      const { source } = sourceOf((cursor) =>
        E.right(
          cursor === null
            ? pageOf([named('1', 'x'), named('2', 'y'), named('3', 'x')], 'more')
            : pageOf([named('4', 'x'), named('5', 'x')], null),
        ),
      )
      expect(told(await drain(source, { name: 'x' }, { limit: 3 }))).toEqual([['1', '3'], ['4']])
    })
  })

  test('an image that moved to the next page meanwhile is given once', async () => {
    const { source } = sourceOf((cursor) =>
      E.right(
        cursor === null ? pageOf([imageOf('a'), imageOf('b')], 'more') : pageOf([imageOf('b'), imageOf('c')], null),
      ),
    )
    expect(told(await drain(source))).toEqual([['a', 'b'], ['c']])
  })

  describe('a list that changes while one lists', () => {
    /** What happens to the list before an answer: `at` as a share of its length. */
    interface Change {
      readonly kind: 'add' | 'remove'
      readonly at: number
    }
    const change: fc.Arbitrary<Change> = fc.record({
      kind: fc.constantFrom('add' as const, 'remove' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })

    /** A list of ids. `permanent`: those that were there all along. */
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

    /** All ids that a source gave, in the order of the pages, repeats among them. */
    const repeatDistances = (ids: readonly string[]): readonly number[] =>
      ids.flatMap((id, index) => (ids.indexOf(id) < index ? [index - ids.indexOf(id)] : []))

    test('law: by page numbers, each image is given once; one repeats no further off than a page, the pages asked for at once, and what was added', async () => {
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
                pageOf(
                  ids.map((id) => imageOf(id)),
                  ahead[0] ?? null,
                  ahead,
                ),
              )
            })
            const listing = drain(sourceOf(answering).source, {}, { concurrency })
            await scheduler.waitFor(listing)
            const given = told(await listing).flat()
            const all = [...sent].sort(([a], [b]) => a - b).flatMap(([, ids]) => ids)
            expect(given).toEqual([...new Set(all)])
            for (const distance of repeatDistances(all))
              expect(distance).toBeLessThanOrEqual((concurrency + 1) * size + list.added())
          },
        ),
        { numRuns: 300 },
      )
    })

    test('law: by markers that are still there, nothing repeats, and each image that was there all along is given', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: 60 }),
          fc.integer({ min: 1, max: 7 }),
          fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 40 }),
          async (count, size, changes) => {
            const list = changingList(count)
            const sent: string[] = []
            const { source } = sourceOf((marker) => {
              for (const one of changes.shift() ?? []) {
                const index = Math.floor(one.at * list.ids.length)
                if (one.kind === 'add' || list.ids[index] !== marker) list.apply(one)
              }
              const from = marker === null ? 0 : list.ids.indexOf(marker) + 1
              const ids = list.ids.slice(from, from + size)
              sent.push(...ids)
              return E.right(
                pageOf(
                  ids.map((id) => imageOf(id)),
                  from + size < list.ids.length ? (ids.at(-1) ?? null) : null,
                ),
              )
            })
            const given = told(await drain(source)).flat()
            expect(given).toEqual(sent)
            expect(new Set(sent).size).toBe(sent.length)
            for (const id of list.permanent) expect(given).toContain(id)
          },
        ),
        { numRuns: 300 },
      )
    })
  })

  describe('more images than are remembered', () => {
    const SIZE = 1000
    const REMEMBERED = 65_536

    /** Ids by their number, `SIZE` a page, under ever new cursors; `null` ends the list. */
    const idsBy =
      (idAt: (index: number) => number | null): Answering =>
      (cursor) => {
        const from = Number(cursor ?? 0)
        const ids = Array.from({ length: SIZE }, (_, index) => idAt(from + index)).filter((id) => id !== null)
        return E.right(
          pageOf(
            ids.map((id) => imageOf(`image-${id}`)),
            ids.length === SIZE ? String(from + SIZE) : null,
          ),
        )
      }

    const listed = async (
      idAt: (index: number) => number | null,
    ): Promise<{ readonly ids: readonly string[]; readonly error: string | null }> => {
      const ids: string[] = []
      for await (const answer of pages(sourceOf(idsBy(idAt)).source)) {
        if (E.isLeft(answer)) return { ids, error: answer.left._tag }
        for (const { ref } of answer.right.items) ids.push(ref.id)
      }
      return { ids, error: null }
    }

    test('none is dropped; one that comes again within what is remembered is given once, one from further off again', async () => {
      const count = REMEMBERED * 2
      const { ids, error } = await listed((index) => {
        if (index > count) return null
        if (index === 100 + REMEMBERED) return 100
        return index === count ? 0 : index
      })
      expect(error).toBe(null)
      // Of `count` + 1 that were sent, one came again nearby.
      expect(ids).toHaveLength(count)
      expect(new Set(ids).size).toBe(count - 1)
    })

    test('that come again and again under ever new links: an error', async () => {
      const { ids, error } = await listed((index) => index % (REMEMBERED + 5000))
      expect(error).toBe('DecodeFailed')
      expect(ids.length).toBeLessThan(8 * REMEMBERED)
    })

    test('of which very many are hidden meanwhile, and listed again among the hidden ones, are no circle', async () => {
      const visible = 150_000
      const { ids, error } = await listed((index) =>
        index < visible ? index : index < visible + 30_000 ? index - visible + 60_000 : null,
      )
      expect(error).toBe(null)
      expect(new Set(ids).size).toBe(visible)
    })
  })

  test('what the server has filtered is not filtered again', async () => {
    const { source } = sourceOf(
      () => E.right(pageOf([imageOf('a', { owner: 'me' }), imageOf('b')], null)),
      {},
      { filters: ['name'] },
    )
    expect(told(await drain(source, { name: 'known to the server only' }))).toEqual([['a', 'b']])
    expect(told(await drain(source, { name: 'known to the server only', owner: 'me' }))).toEqual([['a']])
  })

  test('a page that rejects before it is awaited is no unhandled rejection', async () => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', hear)
    const { source } = sourceOf((cursor, ...rest) =>
      cursor === '1' ? Promise.reject(new TypeError('defect')) : numbered(3)(cursor, ...rest),
    )
    const listing = pages(source)
    await listing.next()
    await settled()
    await settled()
    process.off('unhandledRejection', hear)
    expect(unhandled).toEqual([])
    await expect(listing.next()).rejects.toThrow('defect')
  })

  test('a source that rejects is a defect that its listing throws', async () => {
    const { source } = sourceOf((cursor, ...rest) =>
      cursor === '1' ? Promise.reject(new TypeError('defect')) : numbered(3)(cursor, ...rest),
    )
    await expect(drain(source)).rejects.toThrow('defect')
  })

  test('law: a server that filters and one that does not give the same images', async () => {
    const images = Array.from({ length: 24 }, (_, at) =>
      imageOf(`image-${at}`, {
        name: at % 2 === 0 ? 'even' : 'odd',
        architecture: ['x86_64', 'aarch64', null][at % 3] ?? null,
        status: at % 5 === 0 ? 'pending' : 'available',
        hidden: [true, false, null, null][at % 4] ?? null,
        tags: at % 7 < 3 ? ['a'] : [],
        createdAt: `2024-01-${String(at + 1).padStart(2, '0')}T00:00:00Z`,
      }),
    )
    const filtering = (filters: readonly FilterName[], size: number): ImageSource =>
      sourceOf(
        (cursor, query) => {
          const left = images.filter((image) => matches(pickFilters(query, filters), image))
          const end = Number(cursor ?? 0) + size
          return E.right(pageOf(left.slice(end - size, end), end < left.length ? String(end) : null))
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
          expect(told(answers).flat()).toEqual(idsOf(images.filter((image) => matches(asked, image))))
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
      ...pageOf([imageOf(String(at), { name: names[at] ?? null })], at + 1 < names.length ? String(at + 1) : null),
      rejected: [{ provider: 'paper', pointer: `/${at}`, issues: [], raw: null }],
      drift: [
        { kind: 'unknown-key', pointer: `/${at}/new`, got: 'string', provider: 'paper', id: String(at), path: '/new' },
      ],
    })
  }

  test('gives everything of all pages, in the provider’s order', async () => {
    const listing = await listAll(sourceOf(lettered).source)()
    expect(listing).toMatchObject({ right: { items: [{ name: 'c' }, { name: 'a' }, { name: 'b' }] } })
    expect(listing).toMatchObject({
      right: {
        rejected: [{ pointer: '/0' }, { pointer: '/1' }, { pointer: '/2' }],
        drift: [{ id: '0' }, { id: '1' }, { id: '2' }],
      },
    })
  })

  test('a limit stops it; with a sort, all are listed first', async () => {
    const [plain, sorted] = [sourceOf(lettered), sourceOf(lettered)]
    expect(await listAll(plain.source, {}, { limit: 1 })()).toMatchObject({ right: { items: [{ name: 'c' }] } })
    expect(plain.asked).toEqual([null])
    expect(
      await listAll(sorted.source, {}, { limit: 2, sort: [{ key: 'name', direction: 'descending' }] })(),
    ).toMatchObject({ right: { items: [{ name: 'c' }, { name: 'b' }] } })
    expect(sorted.asked).toEqual([null, '1', '2'])
  })

  test('is its first error', async () => {
    const { source } = sourceOf((cursor, ...rest) =>
      cursor === '1' ? E.left(unavailable(SITE, { what: 'down' })) : lettered(cursor, ...rest),
    )
    expect(await listAll(source)()).toMatchObject({ left: { _tag: 'Unavailable' } })
  })

  test('runs anew each time', async () => {
    const { source, asked } = sourceOf(numbered(2))
    const listing = listAll(source)
    expect(await listing()).toEqual(await listing())
    expect(asked).toEqual([null, '1', null, '1'])
  })
})

describe('find', () => {
  const images = [
    imageOf('1', { name: 'ubuntu', architecture: 'x86_64' }),
    imageOf('2', { name: 'ubuntu', architecture: 'aarch64' }),
    imageOf('3', { name: 'debian' }),
    imageOf('4', { name: '3' }),
    imageOf('5', { name: '5' }),
    imageOf('6', { name: 'debian', hidden: true }),
    imageOf('7', { name: null, description: 'before the upgrade', labels: { role: 'web' } }),
    imageOf('8', { name: 'named', description: 'before the upgrade' }),
    imageOf('9', { name: null, description: 'debian' }),
  ]
  const { source } = sourceOf(() => E.right(pageOf(images, null)), {}, {}, images)

  test.each<readonly [ImageSelector, string]>([
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
  ])('%j is image %s', async (wanted, id) => {
    expect(await find(source, wanted)()).toMatchObject({ right: { ref: { id } } })
  })

  test.each([
    [{ id: 'debian' }],
    [{ name: '1' }],
    [{ idOrName: 'none' }],
    [{ name: 'ubuntu', architecture: 'riscv64' }],
    [{ name: 'before the upgrade' }],
    [{ query: { distro: 'plan9' } }],
  ])('%j is NotFound', async (wanted) => {
    expect(await find(source, wanted)()).toMatchObject({
      left: { _tag: 'NotFound', operation: 'find', provider: 'paper', cloud: 'test' },
    })
  })

  test('tells who names what is not there of hidden images, where images can be hidden and were not looked for', async () => {
    const hiding: ImageSource = { ...source, hide: () => async () => E.left(unavailable(SITE, { what: 'not today' })) }
    const hintOf = async (one: ImageSource, wanted: ImageSelector): Promise<boolean> => {
      const answer = await find(one, wanted)()
      return E.isLeft(answer) && answer.left.hint.includes('a hidden image is found by its id')
    }
    expect([await hintOf(hiding, { name: 'none' }), await hintOf(hiding, { idOrName: 'none' })]).toEqual([true, true])
    expect([
      await hintOf(source, { name: 'none' }),
      await hintOf(hiding, { id: 'none' }),
      await hintOf(hiding, { name: 'none', first: { hidden: 'only' } }),
    ]).toEqual([false, false, false])
  })

  test.each([
    [{ name: 'ubuntu' }, ['1', '2']],
    [{ idOrName: '3' }, ['3', '4']],
  ])('%j is ambiguous', async (wanted, ids) => {
    expect(await find(source, wanted)()).toMatchObject({
      left: { _tag: 'Ambiguous', candidates: ids.map((id) => ({ ref: { id } })) },
    })
  })

  test('names a few candidates, and counts the others', async () => {
    const many = Array.from({ length: 8 }, (_, at) => imageOf(`id-${at}`, { name: 'same' }))
    const result = await find(sourceOf(() => E.right(pageOf(many, null))).source, { name: 'same' })()
    expect(result).toMatchObject({
      left: { what: '8 images match same: id-0, id-1, id-2, id-3, id-4 and 3 more' },
    })
  })

  test('an error that is not NotFound is the answer', async () => {
    const down: ImageSource = { ...source, get: () => async () => E.left(unavailable(SITE, { what: 'down' })) }
    expect(await find(down, { idOrName: 'debian' })()).toMatchObject({ left: { _tag: 'Unavailable' } })
  })
})
