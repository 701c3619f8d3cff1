// imago normalize of NDJSON next to other programs that read and write JSON. A program that is not installed is skipped.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imago, median, root, runProgram, spread, writeDump } from './measure.mjs'
import { glanceRecord, hetznerRecord } from './records.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const MEGABYTES = Number(process.env.IMAGO_BENCH_MB ?? 120)
const ROUNDS = Number(process.env.IMAGO_BENCH_ROUNDS ?? 3)

const isInstalled = (program) => spawnSync(program, ['--version']).error === undefined
const hasDuckdb = () => {
  try {
    return createRequire(join(root, 'packages/cli/package.json')).resolve('@duckdb/node-api') !== ''
  } catch {
    return false
  }
}

const node = process.execPath
/** Each program with the arguments before the file, those after it, and what it needs. */
const PEERS = {
  'bare loop': [[node, here('bare-loop.mjs')], ['ndjson'], () => true],
  'imago normalize': [[node, imago, 'normalize', '-o', 'ndjson'], [], () => true],
  'imago normalize, one processor': [
    ['taskset', '-c', '0', node, imago, 'normalize', '-o', 'ndjson'],
    [],
    () => isInstalled('taskset'),
  ],
  'jq -c .': [['jq', '-c', '.'], [], () => isInstalled('jq')],
  'jq, main fields': [['jq', '-c', '-f', here('images.jq')], [], () => isInstalled('jq')],
  'DuckDB, JSON to JSON': [[node, here('duckdb.mjs')], ['json'], hasDuckdb],
  'DuckDB, JSON to Parquet': [[node, here('duckdb.mjs')], ['parquet'], hasDuckdb],
}

export const peers = async (line) => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const file = join(folder, 'mixed.ndjson')
  const installed = Object.entries(PEERS).filter(([, [, , isThere]]) => isThere())
  const runs = Object.fromEntries(installed.map(([name]) => [name, []]))
  try {
    await writeDump(file, MEGABYTES * 1e6, (i) => (i % 2 === 0 ? hetznerRecord(i) : glanceRecord(i)), {
      before: '',
      between: '\n',
      after: '\n',
    })
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, [before, after]] of installed) runs[name].push(await runProgram([...before, file, ...after]))
  } finally {
    rmSync(folder, { recursive: true })
  }
  line(`## ${MEGABYTES} MB of NDJSON on ${availableParallelism()} processors, medians of ${ROUNDS}, run in turn`)
  line('| program | wall s | times the bare loop | CPU s |')
  line('|---|---|---|---|')
  for (const [name, measured] of Object.entries(runs)) {
    const ratios = measured.map(({ wall }, round) => wall / runs['bare loop'][round].wall)
    const middle = (key) => median(measured.map((run) => run[key])).toFixed(2)
    line(`| ${name} | ${middle('wall')} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${middle('cpu')} |`)
  }
  for (const name of Object.keys(PEERS)) if (!(name in runs)) line(`| ${name} | not installed | | |`)
  line()
}
