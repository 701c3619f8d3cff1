// Measures several clients at the same work: each round runs all of them in turn.
import { buildGoClient, missingGo } from '@imago/lab'
import { spawn } from 'node:child_process'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { LabFailure } from '../../lab/failure.mjs'
import { interruptedBy } from '../../lab/scripts.mjs'
import { root } from '../measure.mjs'
import { computeRatios, median, spread } from '../statistics.mjs'

const WATCH = fileURLToPath(new URL('watch.py', import.meta.url))
export const PYTHON = '/usr/bin/python3'

/** Runs a client once; returns the measurements of `watch.py`. */
const watch = ({ command, env = {}, watch: options = [] }) =>
  new Promise((resolve, reject) => {
    const child = spawn(PYTHON, [WATCH, ...options, '--', ...command], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let told = ''
    let errors = ''
    child.stdout.on('data', (data) => (told += data))
    child.stderr.on('data', (data) => (errors += data))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(told)) : reject(new Error(errors))))
  })

/**
 * Runs rounds of all clients in turn: `passes` runs of fast clients and one of slow ones per round. Each must print `rows` IDs, so that an incomplete
 * listing does not count as faster. Not measured: `prepare` before each run, which returns its command, and `check` after it.
 */
export const rounds = async (clients, { count, passes, rows }) => {
  const runs = new Map(clients.map(({ name }) => [name, []]))
  const load = []
  for (let round = 0; round < count; round++) {
    for (let pass = 0; pass < passes; pass++) {
      for (const client of clients.filter(({ isSlow = false }) => pass === 0 || !isSlow)) {
        // The signal handler continues with the cleanup.
        if (interruptedBy() !== null) throw new LabFailure(interruptedBy())
        load.push(loadavg()[0])
        const run = await watch({ ...client, ...(await client.prepare?.()) })
        await client.check?.()
        if (rows !== null && client.lacksSome !== true && run.rows !== rows)
          throw new Error(`${client.name} gave ${run.rows} images, not ${rows}`)
        runs.get(client.name).push({ ...run, turn: round * passes + pass })
      }
    }
  }
  return { runs, load }
}

const two = (number) => (number === null ? '–' : number.toFixed(2))
const of = (runs, read) => median(runs.map(read))

const LISTED = [
  { title: 'first row s', of: (all) => two(of(all, (run) => run.firstRow)) },
  { title: 'last row s', of: (all) => two(of(all, (run) => run.lastRow)) },
]

const withSpread = (numbers) => `${two(median(numbers))} (${spread(numbers)})`

/** Creates a column for the rate at which this many bytes were transferred. */
export const rateColumn = (bytes) => ({
  title: 'MB/s',
  of: (all) => withSpread(all.map((run) => bytes / 1e6 / run.seconds)),
})

/** The ratios of a client's wall times to those of the first client in the same turn. */
export const ratiosOfClient = ({ runs }, name) => {
  const [[, first]] = runs
  const all = runs.get(name)
  return computeRatios(
    all.map(({ seconds }) => seconds),
    all.map(({ turn }) => first[turn].seconds),
  )
}

/** Builds the peer that uses gophercloud; returns its path, or null and prints why it is not measured. */
export const buildGophercloud = async (line) => {
  const missing = missingGo(process.env)
  if (missing === null) return buildGoClient('bench', process.env)
  line(`gophercloud is skipped: ${missing}`)
  line()
  return null
}

/** Creates a table of the rounds. Ratios are of wall times in the same turn, relative to the first client. */
export const table = ({ runs, load }, columns = LISTED) => {
  const [[base, first]] = runs
  const titles = ['client', 'runs', 'wall s', `× ${base}`, ...columns.map(({ title }) => title), 'CPU s', 'peak MiB']
  const row = (cells) => `| ${cells.join(' | ')} |`
  const lines = [row(titles), `|${'---|'.repeat(titles.length)}`]
  for (const [name, all] of runs) {
    const ratios = ratiosOfClient({ runs }, name)
    const ratio = name === base ? '1' : `**${median(ratios).toFixed(2)}** (${spread(ratios)})`
    const mebibytes = Math.max(...all.map((run) => run.kibibytes)) / 1024
    lines.push(
      row([
        name,
        all.length,
        withSpread(all.map((run) => run.seconds)),
        ratio,
        ...columns.map((column) => column.of(all)),
        withSpread(all.map((run) => run.user + run.system)),
        mebibytes.toFixed(0),
      ]),
    )
  }
  return [
    ...lines,
    '',
    `${first.length === 1 ? '1 turn' : `${first.length} turns`}; medians, with the least and the greatest. Load average while they ran: ${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}.`,
    '',
  ].join('\n')
}
