// Cells with a comma, a quote or a line break are quoted, and quotes in them doubled (RFC 4180).
const SPECIAL = /[",\n\r]/

const quoted = (cell: string): string => (SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** A line of CSV, with its line feed. */
export const formatCsvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`
