import { textWidth } from './text-width.ts'
import { visible } from './visible.ts'
import type { Output } from './stream.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Neither cut nor omitted on a narrow terminal, for values that people copy. */
  readonly whole?: boolean
  /** Omitted first on a narrow terminal: other columns imply it. */
  readonly minor?: boolean
  /** The minimum width, for later rows, or for cells that are useless when shorter. */
  readonly minWidth?: number
}

/** A table that prints rows as they arrive. Without rows it prints nothing. */
export interface Table {
  readonly row: (cells: readonly string[]) => void
  /** Prints the rows held so far, with the widths that they need. */
  readonly settle: () => void
  readonly end: () => void
}

/** The number of rows that determine the widths. Later rows may be wider. */
const LOOK_AHEAD = 500
const GAP = '  '

/** Other rows are not padded beyond this width. */
const WIDEST = 200
const MAX_UNITS_PER_COLUMN = 8

/** The width of a text on a terminal, up to `WIDEST`. */
export const measureText = (text: string): number =>
  Math.min(WIDEST, textWidth(text.slice(0, WIDEST * MAX_UNITS_PER_COLUMN)))

const pad = (text: string, width: number, align: Column['align']): string => {
  const room = Math.max(0, width - measureText(text))
  return align === 'right' ? ' '.repeat(room) + text : text + ' '.repeat(room)
}

/** Cuts a cell to `width` columns of a terminal. */
export const cut = (text: string, width: number): string => {
  // A hostile name may have any length: text far beyond the width is not measured.
  const start = text.slice(0, width * MAX_UNITS_PER_COLUMN)
  if (start.length === text.length && textWidth(text) <= width) return text
  let cells = 0
  let kept = ''
  for (const character of start) {
    cells += textWidth(character)
    if (cells > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** The minimum width of a column that is cut. */
const NARROWEST = 12

/** The width of a line of cells. */
export const measureLine = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length)

/** Shrinks the widest columns that may be cut until the line fits `room`. Omitted columns stay omitted. */
const shrunk = (
  natural: ReadonlyMap<number, number>,
  columns: readonly Column[],
  room: number,
): ReadonlyMap<number, number> => {
  const widths = new Map(natural)
  const minimumWidth = (index: number): number =>
    natural.size === 1 ? Math.max(1, room) : Math.max(NARROWEST, columns[index]?.minWidth ?? 0)
  for (let over = measureLine([...widths.values()]) - room; over > 0; over--) {
    const flexible = [...widths].filter(
      ([index, width]) => columns[index]?.whole !== true && width > minimumWidth(index),
    )
    const [first] = flexible
    if (first === undefined) break
    const [widest, width] = flexible.reduce((best, one) => (one[1] >= best[1] ? one : best), first)
    widths.set(widest, width - 1)
  }
  return widths
}

/**
 * The widths of the columns that are shown. On a narrow terminal, cells are cut; if that is not enough, columns are omitted from the right. Whole columns
 * are neither cut nor omitted, even if the line becomes too wide.
 */
const fit = (
  widths: ReadonlyMap<number, number>,
  columns: readonly Column[],
  room: number | null,
): ReadonlyMap<number, number> => {
  const natural = new Map(widths)
  if (room === null) return natural
  for (;;) {
    const fitted = shrunk(natural, columns, room)
    const candidates = [...natural.keys()].toReversed().filter((index) => columns[index]?.whole !== true)
    const last = candidates.find((index) => columns[index]?.minor === true) ?? candidates[0]
    if (measureLine([...fitted.values()]) <= room || last === undefined || natural.size === 1) return fitted
    natural.delete(last)
  }
}

/** Creates a table. Control characters in cells are made visible. Without a terminal width, nothing is cut. */
export const createTable = (
  output: Output,
  columns: readonly Column[],
  { header = true }: { readonly header?: boolean | undefined } = {},
): Table => {
  let waiting: (readonly string[])[] | null = []
  let widths: ReadonlyMap<number, number> = new Map()
  /** The widths of a row. A wider whole cell leaves less room for the other cells of its row. */
  const fitRow = (cells: readonly string[]): ReadonlyMap<number, number> => {
    if (output.width === null) return widths
    const natural = new Map(
      [...widths].map(([index, width]) => [
        index,
        columns[index]?.whole === true ? Math.max(width, measureText(cells[index] ?? '')) : width,
      ]),
    )
    return measureLine([...natural.values()]) > output.width ? fit(natural, columns, output.width) : widths
  }
  const line = (cells: readonly string[]): void => {
    const padded = [...fitRow(cells)].map(([index, width]) => {
      const { align, whole }: Partial<Column> = columns[index] ?? {}
      const cell = output.width === null || whole === true ? (cells[index] ?? '') : cut(cells[index] ?? '', width)
      return pad(cell, width, align)
    })
    output.write(`${padded.join(GAP).trimEnd()}\n`)
  }
  const start = (rows: readonly (readonly string[])[]): void => {
    const natural = columns.map(({ title, minWidth = 0 }, index) =>
      rows.reduce(
        (width, cells) => Math.max(width, measureText(cells[index] ?? '')),
        Math.max(minWidth, header ? textWidth(title) : 0),
      ),
    )
    widths = fit(new Map(natural.entries()), columns, output.width)
    if (header) line(columns.map(({ title }) => title))
    for (const cells of rows) line(cells)
    waiting = null
  }
  const show = (): void => {
    if (waiting !== null && waiting.length > 0) start(waiting)
  }
  return {
    row: (cells) => {
      const seen = cells.map(visible)
      if (waiting === null) line(seen)
      else if (waiting.push(seen) === LOOK_AHEAD) start(waiting)
    },
    settle: show,
    end: show,
  }
}
