// The processor time of imago normalize by output format, against NDJSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuOfNode, imago, writeDump } from './measure.mjs'
import { mixedRecord } from './records.mjs'
import { sizes } from './sizes.mjs'
import { computeRatios, median, spread } from './statistics.mjs'

const FORMATS = ['ndjson', 'json', 'yaml', 'csv', 'value']

export const formats = async ({ line, record }) => {
  const megabytes = sizes.dumpMegabytes(120)
  const count = sizes.rounds(3)
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  const file = join(folder, 'mixed.ndjson')
  const times = Object.fromEntries(FORMATS.map((format) => [format, []]))
  try {
    await writeDump(file, megabytes * 1e6, mixedRecord, { before: '', between: '\n', after: '\n' })
    for (let round = 0; round < count; round++)
      for (const format of FORMATS)
        times[format].push(await cpuOfNode([imago, 'normalize', '-o', format, file], { env: process.env }))
  } finally {
    rmSync(folder, { recursive: true })
  }
  line(`## imago normalize of a ${megabytes} MB dump by format: processor time, medians of ${count}, run in turn`)
  line('| format | s | times NDJSON |')
  line('|---|---|---|')
  for (const format of FORMATS) {
    const ratios = computeRatios(times[format], times.ndjson)
    if (format === 'csv') record('csv', ratios)
    line(`| ${format} | ${median(times[format]).toFixed(2)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) |`)
  }
  line()
}
