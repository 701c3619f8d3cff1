// npm run bench [-- PART …] [--node PATH …] [--markdown] [--small]: runs benchmarks, prints ratios, and at the end the table of budgets.
// docs/performance.md describes the method.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { interruptedBy } from '../lab/scripts.mjs'
import { createResults, formatBudgets, formatMinutes } from './budget-table.mjs'
import { BUDGETS } from './budgets.mjs'

/** The parts, with the minutes that each takes on two idle processors. Each is loaded when it runs: some need the lab. */
const PARTS = {
  decode: { minutes: 1, load: async () => (await import('./decode.mjs')).decode },
  startup: { minutes: 1, load: async () => (await import('./startup.mjs')).startup },
  peers: { minutes: 2, load: async () => (await import('./peers.mjs')).peers },
  formats: { minutes: 2, load: async () => (await import('./formats.mjs')).formats },
  listing: { minutes: 4, load: async () => (await import('./listing.mjs')).listing },
  live: { minutes: 16, load: async () => (await import('./live/index.mjs')).live },
  bytes: { minutes: 8, load: async () => (await import('./live/index.mjs')).bytes },
  suite: { minutes: 5, load: async () => (await import('./suite.mjs')).suite },
  normalize: { minutes: 3, load: async () => (await import('./normalize.mjs')).normalize },
  splitters: { minutes: 2, load: async () => (await import('./splitters.mjs')).splitters },
  scale: { minutes: 3, load: async () => (await import('./scale.mjs')).scale },
  locking: { minutes: 1, load: async () => (await import('./locking.mjs')).locking },
  deciding: { minutes: 2, load: async () => (await import('./deciding.mjs')).deciding },
}
/** The name of all parts that measure a budget. */
const GROUP = 'budgets'

const HELP = `Usage: npm run bench -- [PART ...] [OPTIONS]

Parts (default: all): ${Object.keys(PARTS).join(', ')};
${GROUP}: all parts that measure a budget of docs/performance.md.

Options:
  --node PATH   measure on this Node binary instead of the running one (repeatable)
  --markdown    print the table of budgets as Markdown
  --small       use small sizes and one round, to try the benchmark itself
  --help        print this help

Variables: IMAGO_BENCH_ROUNDS, _MB, _SPLIT_MB, _IMAGES, _LIVE_IMAGES, _DECIDED_IMAGES, _PLANS, _MIB; see docs/performance.md.
`

/** @returns {never} */
const endWithUsage = (problem) => {
  process.stderr.write(`bench: ${problem}\n`)
  process.exit(2)
}

const readOptions = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        node: { type: 'string', multiple: true, default: [] },
        markdown: { type: 'boolean', default: false },
        small: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        // Internal: where a run on another Node writes its results.
        results: { type: 'string' },
      },
    })
  } catch (error) {
    return endWithUsage(error.message)
  }
}

const { values: options, positionals } = readOptions()
if (options.help) {
  process.stdout.write(HELP)
  process.exit(0)
}
const unknown = positionals.find((name) => name !== GROUP && !(name in PARTS))
if (unknown !== undefined)
  endWithUsage(`unknown part "${unknown}" (one of: ${[...Object.keys(PARTS), GROUP].join(', ')})`)
const isWanted = (name) =>
  positionals.length === 0 ||
  positionals.includes(name) ||
  (positionals.includes(GROUP) && BUDGETS.some(({ part }) => part === name))
const wanted = Object.keys(PARTS).filter(isWanted)
const budgets = BUDGETS.filter(({ part }) => wanted.includes(part))
if (options.small) process.env.IMAGO_BENCH_SMALL = '1'

const line = (text = '') => process.stdout.write(`${text}\n`)
const tell = (text) => process.stderr.write(`bench: ${text}\n`)

/** Runs the wanted parts on this Node. A part that fails does not stop the others. */
const runParts = async () => {
  const { record, skip, results } = createResults(BUDGETS.map(({ id }) => id))
  line(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${new Date().toISOString().slice(0, 10)}, load average ${loadavg()[0].toFixed(1)}`,
  )
  line()
  for (const name of wanted) {
    tell(options.small ? name : `${name}, ${formatMinutes(PARTS[name].minutes)}`)
    try {
      const part = await PARTS[name].load()
      await part({ line, record, skip })
    } catch (error) {
      tell(`${name} failed: ${error.stack}`)
      for (const { id, part } of BUDGETS)
        if (part === name && !(id in results)) skip(id, `${name} failed, as reported above`)
      process.exitCode = 1
    }
    if (interruptedBy() !== null) break
  }
  return { node: process.version.slice(1), results }
}

let isInterrupted = false

/** Runs the wanted parts on another Node, in a process of it. Returns null if it ended before it had results. */
const runPartsOn = async (node, folder, index) => {
  const file = join(folder, `${index}.json`)
  const args = [fileURLToPath(import.meta.url), ...wanted, '--results', file, ...(options.small ? ['--small'] : [])]
  const child = spawn(node, args, { stdio: 'inherit' })
  // This process ends when the other has stopped what it started.
  const forward = (signal) => {
    isInterrupted = true
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  for (const signal of signals) process.off(signal, forward)
  if (code !== 0) process.exitCode = 1
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    tell(`${node} ended before it had results`)
    return null
  }
}

const runOnEach = async (nodes) => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  try {
    const runs = []
    for (const [index, node] of nodes.entries()) {
      const run = await runPartsOn(node, folder, index)
      if (run !== null) runs.push(run)
      if (isInterrupted) break
    }
    return runs
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const node of options.node)
  if (!/^v\d+\.\d+/.test(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? ''))
    endWithUsage(`--node: ${node} is not a Node binary`)

if (options.results !== undefined) {
  writeFileSync(options.results, JSON.stringify(await runParts()))
} else {
  const minutes = wanted.reduce((sum, name) => sum + PARTS[name].minutes, 0) * Math.max(1, options.node.length)
  tell(
    options.small
      ? `${wanted.join(', ')}, with small sizes: the ratios say nothing about speed`
      : `${wanted.join(', ')}: ${formatMinutes(minutes)} on two idle processors`,
  )
  const processors = availableParallelism()
  if (loadavg()[0] > processors / 2)
    tell(
      `the load average is ${loadavg()[0].toFixed(1)} on ${processors} processors: other work makes ratios unreliable`,
    )
  const runs = options.node.length === 0 ? [await runParts()] : await runOnEach(options.node)
  if (budgets.length > 0 && runs.length > 0) {
    line(options.small ? '## Budgets, with small sizes' : '## Budgets')
    line()
    line(formatBudgets(budgets, runs, { markdown: options.markdown }))
    const changed = Object.entries(process.env).filter(([name]) => /^IMAGO_BENCH_(?!ROUNDS|SMALL)/.test(name))
    if (changed.length > 0) {
      line()
      line(`Sizes differ: ${changed.map(([name, value]) => `${name}=${value}`).join(', ')}.`)
    }
  }
}
