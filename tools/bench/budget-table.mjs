// The table of budgets: the result of each row on each Node. Pure.
import { median, spread } from './statistics.mjs'

/** Collects results of budgets: measured values, or the reason why there are none. */
export const createResults = (ids) => {
  const results = {}
  const set = (id, result) => {
    if (!ids.includes(id)) throw new Error(`unknown budget "${id}"`)
    results[id] = result
  }
  return {
    results,
    /** `detail`: what the values belong to, if the row does not say. */
    record: (id, values, detail) => set(id, { values, ...(detail === undefined ? {} : { detail }) }),
    skip: (id, reason) => set(id, { skipped: reason }),
  }
}

/** Compares the median as it is printed, so that no row reads "1.05, not met" with a limit of 1.05. */
export const isMet = ({ limit }, { values }) => Number(median(values).toFixed(2)) <= limit

const formatNumber = (number) => String(Number(number.toFixed(2)))

/** Texts of errors may have several lines, and bars end a cell of Markdown. */
const toCell = (text) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')

/** "1.31 (1.22–1.57), not met". A skipped row has its reason. */
export const formatResult = (budget, result) => {
  if (result === undefined) return '–'
  if (result.skipped !== undefined) return `skipped: ${toCell(result.skipped)}`
  const { values, detail } = result
  const range = values.length > 1 ? ` (${spread(values)})` : ''
  const what = detail === undefined ? '' : `, ${detail}`
  return `${median(values).toFixed(2)}${range}, ${isMet(budget, result) ? 'met' : 'not met'}${what}`
}

const toCells = (budgets, runs) => [
  ['work', 'limit', ...runs.map(({ node }) => `Node ${node}`), 'measured by'],
  ...budgets.map((budget) => [
    budget.work,
    `${formatNumber(budget.limit)} ${budget.unit}`,
    ...runs.map(({ results }) => formatResult(budget, results[budget.id])),
    `${budget.measure}, \`${budget.part}\``,
  ]),
]

const toMarkdown = ([titles, ...rows]) =>
  [titles, titles.map(() => '---'), ...rows]
    .map((cells) => (cells[0] === '---' ? `|${cells.join('|')}|` : `| ${cells.join(' | ')} |`))
    .join('\n')

const toText = (rows) => {
  const plain = rows.map((cells) => cells.map((cell) => cell.replaceAll('`', '').replaceAll('\\|', '|')))
  const widths = plain[0].map((_, column) => Math.max(...plain.map((cells) => cells[column].length)))
  return plain
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Formats the table of `budgets`, with a column for each run: `{ node, results }`. */
export const formatBudgets = (budgets, runs, { markdown = false } = {}) =>
  (markdown ? toMarkdown : toText)(toCells(budgets, runs))

/** "about 1 h 5 min" */
export const formatMinutes = (minutes) => {
  const rounded = Math.ceil(minutes)
  const hours = Math.floor(rounded / 60)
  const rest = rounded % 60
  return `about ${[...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(' ')}`
}
