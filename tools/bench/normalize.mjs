// imago normalize -o ndjson of large dumps, against a bare loop that reads, parses and writes.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imago, runNode, writeDump } from './measure.mjs'
import { glanceRecord, mixedRecord } from './records.mjs'
import { sizes } from './sizes.mjs'
import { median, spread } from './statistics.mjs'

const bareLoop = fileURLToPath(new URL('bare-loop.mjs', import.meta.url))
const SHAPES = {
  'NDJSON, both providers': {
    name: 'mixed.ndjson',
    record: mixedRecord,
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

export const normalize = async ({ line }) => {
  const megabytes = sizes.dumpMegabytes(300)
  const rounds = sizes.rounds(3)
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  line(`## imago normalize -o ndjson of a ${megabytes} MB dump, against a bare read, parse, stringify loop`)
  line('| dump | records | bare s | imago s | ratio | imago MB/s | peak bare MiB | peak imago MiB |')
  line('|---|---|---|---|---|---|---|---|')
  try {
    for (const [what, shape] of Object.entries(SHAPES)) {
      const file = join(folder, shape.name)
      const count = await writeDump(file, megabytes * 1e6, shape.record, shape)
      const bare = []
      const ours = []
      for (let run = 0; run < rounds; run++) {
        bare.push(await runNode(['--max-old-space-size=8192', bareLoop, file, shape.bare]))
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
  } finally {
    rmSync(folder, { recursive: true })
  }
  line()
}
