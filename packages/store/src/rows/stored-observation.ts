import type { CloudIdentity, Completeness, ObservedPrices, Prices, ReadState, Usage, UsageEdge } from '@imago/core'
import type { Column } from '../tables/column.ts'
import type { Cell, Row } from './cell.ts'

/** The cells of a row by column name. */
export type NamedCells = Readonly<Record<string, Cell>>

export const nameCells = (row: Row, columns: readonly Column[]): NamedCells =>
  Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))

const text = (cell: Cell | undefined): string => String(cell ?? '')
const textOrNull = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell)
const parseJson = (cell: Cell | undefined): unknown => (typeof cell === 'string' ? JSON.parse(cell) : null)

export const toCloud = (row: NamedCells): CloudIdentity => ({
  provider: text(row['provider']),
  cloud: textOrNull(row['cloud']),
  region: textOrNull(row['region']),
})

export const toImagesState = (run: NamedCells): ReadState => ({
  completeness: text(run['images_completeness']) as Completeness,
  reason: textOrNull(run['images_reason']),
})

const toEdge = (row: NamedCells): UsageEdge => ({
  image: { ...toCloud(row), id: text(row['image_id']) },
  by: {
    kind: text(row['by_kind']) as UsageEdge['by']['kind'],
    id: text(row['by_id']),
    name: textOrNull(row['by_name']),
  },
  relation: text(row['relation']) as UsageEdge['relation'],
  via: text(row['via']),
  evidence: text(row['evidence']) as UsageEdge['evidence'],
  dependsOn: row['depends_on'] === true,
})

/** Unknown usage of all images. */
const NO_USAGE: Usage = { edges: [], sources: [], view: { kind: 'project', project: null, shared: null } }

/** Usage as of the last run; unknown if that run did not read it. */
export const toUsage = (run: NamedCells, edges: readonly NamedCells[]): Usage => {
  const sources = parseJson(run['usage_sources']) as Usage['sources'] | null
  const view = parseJson(run['usage_view']) as Usage['view'] | null
  return sources === null || view === null ? NO_USAGE : { edges: edges.map(toEdge), sources, view }
}

const toPrices = (row: NamedCells): Prices => ({
  currency: text(row['currency']),
  perGbMonth: { net: textOrNull(row['per_gb_month_net']), gross: textOrNull(row['per_gb_month_gross']) },
  bytesPerGb: Number(row['bytes_per_gb']),
  basis: (parseJson(row['basis']) ?? {}) as Prices['basis'],
})

/** Prices as of the last run, like `toUsage`. */
export const toObservedPrices = (run: NamedCells, prices: NamedCells | undefined): ObservedPrices => {
  const completeness = textOrNull(run['prices_completeness'])
  if (completeness === null) return { completeness: 'failed', reason: 'the run did not read prices', prices: null }
  return {
    completeness: completeness as Completeness,
    reason: textOrNull(run['prices_reason']),
    prices: completeness !== 'read' || prices === undefined ? null : toPrices(prices),
  }
}
