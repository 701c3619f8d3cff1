// Reading a parsed page of 5,000 records, against JSON.parse of the page.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { root } from './measure.mjs'
import { RECORDS } from './records.mjs'
import { sizes } from './sizes.mjs'
import { median, spread } from './statistics.mjs'

const script = fileURLToPath(new URL('decode-one.mjs', import.meta.url))

const measureOnce = (provider) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, provider], { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`decode-one.mjs ${provider} exited with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

export const decode = async ({ line, record }) => {
  const count = sizes.rounds(5)
  line('## Decode + normalize + drift of a parsed page of 5,000, against JSON.parse of the page')
  line(`| provider | page | JSON.parse ms | imago ms | ratio of medians (${count} processes) | ratio of totals |`)
  line('|---|---|---|---|---|---|')
  for (const provider of Object.keys(RECORDS)) {
    const runs = Array.from({ length: count }, () => measureOnce(provider))
    const ratios = runs.map(({ parse, read }) => read / parse)
    const totals = runs.map(({ total }) => total)
    const [{ bytes }] = runs
    record(`decode-${provider}`, ratios)
    line(
      `| ${provider} | ${(bytes / 1e6).toFixed(1)} MB | ${median(runs.map((run) => run.parse)).toFixed(1)} | ${median(runs.map((run) => run.read)).toFixed(1)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${median(totals).toFixed(2)} (${spread(totals)}) |`,
    )
  }
  line()
}
