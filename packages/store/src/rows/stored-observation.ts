import type { CloudIdentity, ObservedPrices, ReadState, Usage } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Column } from '../tables/column.ts'
import type { Cell, Row } from './cell.ts'
import { Completeness, Edge, EdgeSources, StoredPrices, UsageView } from './observation-codecs.ts'

/** The cells of a row by column name. */
export type NamedCells = Readonly<Record<string, Cell>>

export const nameCells = (row: Row, columns: readonly Column[]): NamedCells =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))

const text = (cell: Cell | undefined): string => String(cell ?? '')
const textOrNull = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell)
/** `null`: no text; `undefined`: not JSON. */
const parseJson = (cell: Cell | undefined): unknown => {
  if (typeof cell !== 'string') return null
  try {
    return JSON.parse(cell)
  } catch {
    return undefined
  }
}

const createFailure = (what: string): ReadState => ({
  completeness: 'failed',
  reason: `${what} in the store cannot be read`,
})

export const toCloud = (row: NamedCells): CloudIdentity => ({
  provider: text(row['provider']),
  cloud: textOrNull(row['cloud']),
  region: textOrNull(row['region']),
})

export const toImagesState = (run: NamedCells): ReadState => {
  const completeness = Completeness.decode(run['images_completeness'])
  return E.isLeft(completeness)
    ? createFailure('the state of the images')
    : { completeness: completeness.right, reason: textOrNull(run['images_reason']) }
}

const decodeEdge = (row: NamedCells): ReturnType<typeof Edge.decode> =>
  Edge.decode({
    image: { ...toCloud(row), id: text(row['image_id']) },
    by: { kind: row['by_kind'], id: text(row['by_id']), name: textOrNull(row['by_name']) },
    relation: row['relation'],
    via: text(row['via']),
    evidence: row['evidence'],
    dependsOn: row['depends_on'] === true,
  })

/** Unknown usage of all images. */
const NO_USAGE: Usage = { edges: [], sources: [], view: { kind: 'project', project: null, shared: null } }

/** Usage as of the last run; unknown if that run did not read it. What cannot be read makes the usage of all images without users unknown. */
export const toUsage = (run: NamedCells, rows: readonly NamedCells[]): Usage => {
  const storedSources = parseJson(run['usage_sources'])
  const storedView = parseJson(run['usage_view'])
  if (storedSources === null || storedView === null) return NO_USAGE
  const sources = EdgeSources.decode(storedSources)
  const view = UsageView.decode(storedView)
  const decoded = rows.map(decodeEdge)
  const edges = decoded.flatMap((edge) => (E.isRight(edge) ? [edge.right] : []))
  const isReadable = E.isRight(sources) && E.isRight(view) && edges.length === rows.length
  return {
    edges,
    sources: [
      ...(E.isRight(sources) ? sources.right : []),
      ...(isReadable ? [] : [{ name: 'usage', ...createFailure('the usage') }]),
    ],
    view: E.isRight(view) ? view.right : NO_USAGE.view,
  }
}

const decodePrices = (row: NamedCells): ReturnType<typeof StoredPrices.decode> =>
  StoredPrices.decode({
    currency: row['currency'],
    perGbMonth: { net: textOrNull(row['per_gb_month_net']), gross: textOrNull(row['per_gb_month_gross']) },
    bytesPerGb: Number(row['bytes_per_gb']),
    basis: parseJson(row['basis']) ?? {},
  })

/** Prices as of the last run, like `toUsage`. */
export const toObservedPrices = (run: NamedCells, prices: NamedCells | undefined): ObservedPrices => {
  const stored = textOrNull(run['prices_completeness'])
  if (stored === null) return { completeness: 'failed', reason: 'the run did not read prices', prices: null }
  const completeness = Completeness.decode(stored)
  if (E.isLeft(completeness)) return { ...createFailure('the state of the prices'), prices: null }
  const state: ReadState = { completeness: completeness.right, reason: textOrNull(run['prices_reason']) }
  if (state.completeness !== 'read' || prices === undefined) return { ...state, prices: null }
  const read = decodePrices(prices)
  return E.isLeft(read) ? { ...createFailure('the prices'), prices: null } : { ...state, prices: read.right }
}
