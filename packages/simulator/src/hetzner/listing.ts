import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidField } from './api-error.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { Labels } from './labels.ts'
import { readCount, readValues, readValue, type Query } from './query.ts'

/** The maximum page size; a larger `per_page` is reduced to it. */
const MAX_PER_PAGE = 50

type SortValue = string | number | null

const compare = (a: SortValue, b: SortValue): number => {
  if (a === b) return 0
  // Records without a value come last in either direction.
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}

/** Sorts by the keys of `sort`, the first one first; otherwise, and for equal keys, by ID. */
export const sorted = <A extends { readonly id: number }>(
  records: readonly A[],
  query: Query,
  keys: Readonly<Record<string, (record: A) => SortValue>>,
): readonly A[] => {
  const orders = readValues(query, 'sort').map((word) => {
    const [name = '', direction = 'asc', ...rest] = word.split(':')
    const of = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (of === undefined || !['asc', 'desc'].includes(direction) || rest.length > 0)
      throw invalidField('sort', `'${word}' is not supported`)
    return { of, isDescending: direction === 'desc' }
  })
  return [...records].sort((a, b) => {
    for (const { of, isDescending } of orders) {
      const [left, right] = [of(a), of(b)]
      const order = compare(left, right)
      if (order !== 0) return isDescending && left !== null && right !== null ? -order : order
    }
    return a.id - b.id
  })
}

/** Filters by `label_selector`. */
export const selected = <A extends { readonly labels: Labels }>(records: readonly A[], query: Query): readonly A[] => {
  const selector = readValue(query, 'label_selector')
  if (selector === null) return records
  const fits = parseLabelSelector(selector)
  if (fits === null) throw invalidField('label_selector', 'is not a label selector')
  return records.filter(({ labels }) => fits(labels))
}

/** Filters by `name`. */
export const named = <A extends { readonly name: string | null }>(
  records: readonly A[],
  query: Query,
): readonly A[] => {
  const name = readValue(query, 'name')
  return name === null ? records : records.filter((record) => record.name === name)
}

/** Creates one page, `{ [key]: […], meta: { pagination } }`, with its `Link` header. */
export const page = <A>(
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  records: readonly A[],
  toWire: (record: A) => unknown,
): unknown => {
  const query = request.query as Query
  const number = readCount(query, 'page', 1)
  const perPage = Math.min(readCount(query, 'per_page', 25), MAX_PER_PAGE)
  const last = Math.max(1, Math.ceil(records.length / perPage))
  const previous = number > 1 ? number - 1 : null
  const next = number < last ? number + 1 : null

  const link = (rel: string, target: number): string => {
    const url = new URL(request.url, `${request.protocol}://${request.host}`)
    url.searchParams.set('page', String(target))
    return `<${url.href}>; rel="${rel}"`
  }
  void reply.header(
    'link',
    [
      ...(previous === null ? [] : [link('prev', previous)]),
      ...(next === null ? [] : [link('next', next)]),
      link('last', last),
    ].join(', '),
  )
  const pagination = {
    page: number,
    per_page: perPage,
    previous_page: previous,
    next_page: next,
    last_page: last,
    total_entries: records.length,
  }
  return { [key]: records.slice((number - 1) * perPage, number * perPage).map(toWire), meta: { pagination } }
}
