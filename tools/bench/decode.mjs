// Reading a parsed page of 5,000 records, and only making its images, against JSON.parse of the page.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { root } from './measure.mjs'
import { RECORDS } from './records.mjs'
import { sizes } from './sizes.mjs'
import { median, spread } from './statistics.mjs'

const script = fileURLToPath(new URL('decode-one.mjs', import.meta.url))

/** Room for all garbage of many rounds, so that hardly any is collected. */
const WITHOUT_COLLECTION = ['--min-semi-space-size=512', '--max-semi-space-size=512']

const measureOnce = (provider, what, flags) => {
  const command = [...flags, script, provider, what]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', cwd: root })
  if (status !== 0) throw new Error(`decode-one.mjs ${provider} ${what} exited with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

const toRatios = (runs) => runs.map(({ parse, read }) => read / parse)

export const decode = async ({ line, record }) => {
  const count = sizes.rounds(5)
  const measure = (...what) => Array.from({ length: count }, () => measureOnce(...what))
  line('## Decode + normalize + drift of a parsed page of 5,000, against JSON.parse of the page; processor time')
  line(
    `| page | work | JSON.parse ms | ms | ratio of medians (${count} processes) | ratio of totals | without garbage collection |`,
  )
  line('|---|---|---|---|---|---|---|')
  for (const provider of Object.keys(RECORDS))
    for (const [what, title] of [
      ['read', 'imago'],
      ['literals', 'the same images, literals only'],
    ]) {
      const runs = measure(provider, what, [])
      const ratios = toRatios(runs)
      const totals = runs.map(({ total }) => total)
      const uncollected = toRatios(measure(provider, what, WITHOUT_COLLECTION))
      const [{ bytes }] = runs
      if (what === 'read') record(`decode-${provider}`, ratios)
      line(
        `| ${provider}, ${(bytes / 1e6).toFixed(1)} MB | ${title} | ${median(runs.map((run) => run.parse)).toFixed(1)} | ${median(runs.map((run) => run.read)).toFixed(1)} | **${median(ratios).toFixed(2)}** (${spread(ratios)}) | ${median(totals).toFixed(2)} (${spread(totals)}) | ${median(uncollected).toFixed(2)} (${spread(uncollected)}) |`,
      )
    }
  line()
}
