// The processor time of imago normalize by output format, against NDJSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuOfNode, imago, median, spread, writeDump } from './measure.mjs'
import { glanceRecord, hetznerRecord } from './records.mjs'

const MEGABYTES = Number(process.env.IMAGO_BENCH_MB ?? 120)
const FORMATS = ['ndjson', 'json', 'yaml', 'csv', 'value']
const ROUNDS = 3

export const formats = async (line) => {
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const file = join(folder, 'mixed.ndjson')
  const times = Object.fromEntries(FORMATS.map((format) => [format, []]))
  try {
    await writeDump(file, MEGABYTES * 1e6, (i) => (i % 2 === 0 ? hetznerRecord(i) : glanceRecord(i)), {
      before: '',
      between: '\n',
      after: '\n',
    })
    for (let round = 0; round < ROUNDS; round++)
      for (const format of FORMATS)
        times[format].push(await cpuOfNode([imago, 'normalize', '-o', format, file], { env: process.env }))
  } finally {
    rmSync(folder, { recursive: true })
  }
  line(`## imago normalize of a ${MEGABYTES} MB dump by format: processor time, medians of ${ROUNDS}, run in turn`)
  line('| format | s | times NDJSON |')
  line('|---|---|---|')
  for (const format of FORMATS) {
    const ratios = times[format].map((time, round) => time / times.ndjson[round])
    line(`| ${format} | ${median(times[format]).toFixed(2)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) |`)
  }
  line()
}
