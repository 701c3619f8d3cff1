import stringWidth from 'string-width'
import { visible } from './visible.ts'
import type { Output } from './stream.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Not cut on a narrow terminal while others can be: what people copy. */
  readonly whole?: boolean
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

const widthOf = (text: string): number => Math.min(WIDEST, stringWidth(text.slice(0, WIDEST * MOST_UNITS_PER_COLUMN)))

const pad = (text: string, width: number, align: Column['align']): string => {
  const room = Math.max(0, width - widthOf(text))
  return align === 'right' ? ' '.repeat(room) + text : text + ' '.repeat(room)
}

/** Cuts a cell to `width` columns. */
const cut = (text: string, width: number): string => {
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

/** On a terminal too narrow, the widest columns give way, down to 12 columns each; those to be kept whole only after all others. */
const fit = (widths: readonly number[], columns: readonly Column[], room: number | null): readonly number[] => {
  const fitted = [...widths]
  if (room === null) return fitted
  let over = fitted.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room
  for (const isWhole of [false, true]) {
    const indices = fitted.map((_, index) => index).filter((index) => (columns[index]?.whole === true) === isWhole)
    for (; over > 0; over--) {
      const widest = indices.reduce((best, index) => ((fitted[index] ?? 0) >= (fitted[best] ?? 0) ? index : best), indices[0] ?? 0)
      if (indices.length === 0 || (fitted[widest] ?? 0) <= 12) break
      fitted[widest] = (fitted[widest] ?? 0) - 1
    }
  }
  return fitted
}

/** Cells are made visible (no control character reaches the terminal); `null` width: nothing is cut. */
export const createTable = (output: Output, columns: readonly Column[], { header = true }: { readonly header?: boolean | undefined } = {}): Table => {
  let waiting: (readonly string[])[] | null = []
  let widths: readonly number[] = []
  const line = (cells: readonly string[]): void => {
    const padded = columns.map(({ align }, index) => {
      const width = widths[index] ?? 0
      const cell = output.width === null ? (cells[index] ?? '') : cut(cells[index] ?? '', width)
      return pad(cell, width, align)
    })
    output.write(`${padded.join(GAP).trimEnd()}\n`)
  }
  const start = (rows: readonly (readonly string[])[]): void => {
    const natural = columns.map(({ title }, index) => rows.reduce((most, cells) => Math.max(most, widthOf(cells[index] ?? '')), header ? stringWidth(title) : 0))
    widths = fit(natural, columns, output.width)
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
