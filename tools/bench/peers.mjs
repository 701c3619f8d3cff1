// imago normalize of NDJSON next to other programs that read and write JSON. A program that is not installed is skipped.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imago, root, runProgram, writeDump } from './measure.mjs'
import { mixedRecord } from './records.mjs'
import { sizes } from './sizes.mjs'
import { computeRatios, median, spread } from './statistics.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

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

export const peers = async ({ line, record, skip }) => {
  const megabytes = sizes.dumpMegabytes(120)
  const count = sizes.rounds(3)
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const file = join(folder, 'mixed.ndjson')
  const installed = Object.entries(PEERS).filter(([, [, , isThere]]) => isThere())
  const runs = Object.fromEntries(installed.map(([name]) => [name, []]))
  try {
    await writeDump(file, megabytes * 1e6, mixedRecord, { before: '', between: '\n', after: '\n' })
    for (let round = 0; round < count; round++)
      for (const [name, [before, after]] of installed) runs[name].push(await runProgram([...before, file, ...after]))
  } finally {
    rmSync(folder, { recursive: true })
  }
  line(`## ${megabytes} MB of NDJSON on ${availableParallelism()} processors, medians of ${count}, run in turn`)
  const walls = (name) => runs[name].map(({ wall }) => wall)
  line('| program | wall s | times the bare loop | CPU s |')
  line('|---|---|---|---|')
  for (const [name, measured] of Object.entries(runs)) {
    const ratios = computeRatios(walls(name), walls('bare loop'))
    const middle = (key) => median(measured.map((run) => run[key])).toFixed(2)
    line(`| ${name} | ${middle('wall')} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${middle('cpu')} |`)
  }
  for (const name of Object.keys(PEERS)) if (!(name in runs)) line(`| ${name} | not installed | | |`)
  line()
  record('normalize', computeRatios(walls('imago normalize'), walls('bare loop')))
  if ('jq -c .' in runs) record('normalize-jq', computeRatios(walls('imago normalize'), walls('jq -c .')))
  else skip('normalize-jq', 'jq is not installed')
}
