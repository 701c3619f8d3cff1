import stringWidth from 'string-width'
import { visible } from './visible.ts'
import type { Output } from './stream.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Neither cut nor left out on a narrow terminal: what people copy. */
  readonly whole?: boolean
  /** The first to be left out on a narrow terminal: other columns tell it, too. */
  readonly minor?: boolean
  /** Never narrower than this: rows that are still to come need it, or what is left of a cell would say nothing. */
  readonly least?: number
}

/** A table that rows can be added to as they come. One without rows prints nothing. */
export interface Table {
  readonly row: (cells: readonly string[]) => void
  /** Writes the rows that are there, with the widths that they need: more may be long in coming. */
  readonly settle: () => void
  readonly end: () => void
}

/** Rows that are looked at before the widths are set; later rows may be wider, and then stand out. */
const LOOK_AHEAD = 500
const GAP = '  '

/** A cell wider than this stands out: not all others are padded for it. */
const WIDEST = 200
const MOST_UNITS_PER_COLUMN = 8

/** The width of a text on a terminal, up to `WIDEST`. */
export const measureText = (text: string): number =>
  Math.min(WIDEST, stringWidth(text.slice(0, WIDEST * MOST_UNITS_PER_COLUMN)))

const pad = (text: string, width: number, align: Column['align']): string => {
  const room = Math.max(0, width - measureText(text))
  return align === 'right' ? ' '.repeat(room) + text : text + ' '.repeat(room)
}

/** Cuts a cell to `width` columns of a terminal. */
export const cut = (text: string, width: number): string => {
  // Every column shown takes few code units; what is far beyond is not looked at, for a hostile name may be of any length.
  const start = text.slice(0, width * MOST_UNITS_PER_COLUMN)
  if (start.length === text.length && stringWidth(text) <= width) return text
  let cells = 0
  let kept = ''
  for (const character of start) {
    cells += stringWidth(character)
    if (cells > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** No column is made narrower than this: what is left of a cell would say nothing. */
const NARROWEST = 12

/** The width of a line of cells. */
export const measureLine = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length)

/** The widest of the columns that may be cut give way, until the line is not wider than `room`. Absent columns stay away. */
const shrunk = (
  natural: ReadonlyMap<number, number>,
  columns: readonly Column[],
  room: number,
): ReadonlyMap<number, number> => {
  const widths = new Map(natural)
  const minimumWidth = (index: number): number =>
    natural.size === 1 ? Math.max(1, room) : Math.max(NARROWEST, columns[index]?.least ?? 0)
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
 * The columns that are shown, and their widths. On a terminal that is too narrow, cells are cut; where that is not enough, columns are left out from
 * the right. Those that are whole are neither: their lines are then as wide as they must be.
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

/** Cells are made visible (no control character reaches the terminal); `null` width: nothing is cut. */
export const createTable = (
  output: Output,
  columns: readonly Column[],
  { header = true }: { readonly header?: boolean | undefined } = {},
): Table => {
  let waiting: (readonly string[])[] | null = []
  let widths: ReadonlyMap<number, number> = new Map()
  /** The widths of a row. One whose ID is wider than all before it has less room for the rest, for no row is broken. */
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
    const natural = columns.map(({ title, least = 0 }, index) =>
      rows.reduce(
        (most, cells) => Math.max(most, measureText(cells[index] ?? '')),
        Math.max(least, header ? stringWidth(title) : 0),
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
