import { CloseBrace, Newline, OpenBrace } from './bytes.ts'

/** The start of a line in an input with one value per line. */
export interface LinePlace {
  /** In bytes. */
  readonly offset: number
  /** 1-based. */
  readonly line: number
  /** 0-based index of the next top-level value. */
  readonly document: number
}

/** Lines that follow each other. */
export interface Lines {
  /** Index after the last of them. */
  readonly end: number
  readonly count: number
}

const CarriageReturn = 0x0d

/**
 * Finds the lines at `from` that a splitter of their own reads as the splitter of the whole input does: each begins with `{`, ends with `}`, and the line after
 * it begins with `{`. In an input with one value per line (see `Position`), a value that such a line leaves open ends where the next line begins. A line that
 * ends with `,` or `[` does not suffice: if it begins a streamed array, the next line is an element.
 */
export const findLines = (bytes: Uint8Array, from: number): Lines => {
  let end = from
  let count = 0
  while (bytes[end] === OpenBrace) {
    const newline = bytes.indexOf(Newline, end)
    if (newline === -1 || bytes[newline + 1] !== OpenBrace) break
    const last = bytes[newline - 1] === CarriageReturn ? newline - 2 : newline - 1
    if (bytes[last] !== CloseBrace) break
    end = newline + 1
    count += 1
  }
  return { end, count }
}
