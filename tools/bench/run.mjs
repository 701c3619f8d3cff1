// npm run bench [-- decode|normalize|peers|formats|splitters|startup|listing|scale|locking|deciding|live|bytes …]: runs benchmarks and prints ratios.
// docs/performance.md describes the method.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imago, median, root, runNode, spread, writeDump } from './measure.mjs'
import { glanceRecord, hetznerRecord, RECORDS } from './records.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const megabytes = Number(process.env.IMAGO_BENCH_MB ?? 300)
const line = (text = '') => process.stdout.write(`${text}\n`)

const decode = async () => {
  line('## Decode + normalize + drift of a parsed page of 5,000, against JSON.parse of the page')
  line('| provider | page | JSON.parse ms | imago ms | ratio of medians (5 processes) | ratio of totals |')
  line('|---|---|---|---|---|---|')
  for (const provider of Object.keys(RECORDS)) {
    const runs = []
    for (let process_ = 0; process_ < 5; process_++)
      runs.push(
        JSON.parse(
          spawnSync(process.execPath, [here('decode-one.mjs'), provider], { encoding: 'utf8', cwd: root }).stdout,
        ),
      )
    const ratios = runs.map(({ parse, read }) => read / parse)
    const totals = runs.map(({ total }) => total)
    const [{ bytes }] = runs
    line(
      `| ${provider} | ${(bytes / 1e6).toFixed(1)} MB | ${median(runs.map((run) => run.parse)).toFixed(1)} | ${median(runs.map((run) => run.read)).toFixed(1)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${median(totals).toFixed(2)} (${spread(totals)}) |`,
    )
  }
  line()
}

const SHAPES = {
  'NDJSON, both providers': {
    name: 'mixed.ndjson',
    record: (i) => (i % 2 === 0 ? hetznerRecord(i) : glanceRecord(i)),
    before: '',
    between: '\n',
    after: '\n',
    bare: 'ndjson',
  },
  'JSON envelope, compact': {
    name: 'glance.json',
    record: glanceRecord,
    before: '{"images":[',
    between: ',',
    after: ']}',
    bare: 'json',
  },
  'JSON envelope, pretty': {
    name: 'pretty.json',
    record: glanceRecord,
    before: '{"images": [\n',
    between: ',\n',
    after: '\n]}\n',
    space: 2,
    bare: 'json',
  },
}

const normalize = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  line(`## imago normalize -o ndjson of a ${megabytes} MB dump, against a bare read, parse, stringify loop`)
  line('| dump | records | bare s | imago s | ratio | imago MB/s | peak bare MiB | peak imago MiB |')
  line('|---|---|---|---|---|---|---|---|')
  for (const [what, shape] of Object.entries(SHAPES)) {
    const file = join(folder, shape.name)
    const count = await writeDump(file, megabytes * 1e6, shape.record, shape)
    const bare = []
    const ours = []
    for (let run = 0; run < 3; run++) {
      bare.push(await runNode(['--max-old-space-size=8192', here('bare-loop.mjs'), file, shape.bare]))
      ours.push(await runNode([imago, 'normalize', '-o', 'ndjson', file]))
    }
    const seconds = (runs) => median(runs.map((run) => run.seconds))
    const peak = (runs) => Math.max(...runs.map((run) => run.mebibytes)).toFixed(0)
    const ratios = ours.map((run, index) => run.seconds / bare[index].seconds)
    line(
      `| ${what} | ${count} | ${seconds(bare).toFixed(2)} | ${seconds(ours).toFixed(2)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${(statSync(file).size / 1e6 / seconds(ours)).toFixed(0)} | ${peak(bare)} | **${peak(ours)}** |`,
    )
    rmSync(file)
  }
  rmSync(folder, { recursive: true })
  line()
}

const splitters = async () => {
  const script = here('splitters.mjs')
  if (!existsSync(script)) return
  line(spawnSync(process.execPath, [script], { encoding: 'utf8', cwd: root }).stdout)
}

const startup = async () => (await import('./startup.mjs')).startup(line)
const peers = async () => (await import('./peers.mjs')).peers(line)
const formats = async () => (await import('./formats.mjs')).formats(line)

// Loaded only on request: these need the lab.
const live = async () => (await import('./live/index.mjs')).live(line)
const bytes = async () => (await import('./live/index.mjs')).bytes(line)

const listing = async () => (await import('./listing.mjs')).listing(line)

const scale = async () => (await import('./scale.mjs')).scale(line)

const locking = async () => (await import('./locking.mjs')).locking(line)

const deciding = async () => (await import('./deciding.mjs')).deciding(line)

const parts = { decode, normalize, peers, formats, splitters, startup, listing, scale, locking, deciding, live, bytes }
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in parts))
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no part ${unknown}; there are ${Object.keys(parts).join(', ')}\n`)
  process.exit(2)
}
line(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${new Date().toISOString().slice(0, 10)}`,
)
line()
for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await run()
