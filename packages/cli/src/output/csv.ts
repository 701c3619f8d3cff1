const SPECIAL = /[",\n\r]/

/** A cell of CSV. With a comma, a quote or a line break it is quoted, and quotes in it are doubled (RFC 4180). */
export const formatRawCsvCell = (text: string): string =>
  SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** Cells that a spreadsheet would run as formulas, possibly after white space, get an apostrophe in front. */
const FORMULA = /^(?:[\t\n\r]|\s*[=+\-@＝＋－＠])/
/** Matches all cells that either pattern matches. Nearly all cells need one test only. */
const SPECIAL_OR_FORMULA = /[",\n\r]|^[\s=+\-@＝＋－＠]/

/** The same, with an apostrophe in front of a formula. */
export const formatCsvCell = (text: string): string =>
  SPECIAL_OR_FORMULA.test(text) ? formatRawCsvCell(FORMULA.test(text) ? `'${text}` : text) : text
