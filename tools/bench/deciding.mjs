// Measures diff, duplicates, prune and export of 100,000 images against JSON.parse of their records. In CPU seconds, which other load does not
// affect; an export runs in a separate process.
import { provider } from '@imago/adapter-openstack/provider'
import { readDump } from '@imago/core'
import { diffImages, findDuplicates, planPrune } from '@imago/lifecycle'
import { runPsql, startPostgres } from '@imago/lab'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runNode, writeDump } from './measure.mjs'
import { glanceRecord } from './records.mjs'
import { sizes } from './sizes.mjs'

const COUNT = sizes.decidedImages
const imago = join(root, 'packages', 'cli', 'bin', 'imago.js')

const measured = (work) => {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (user + system) / 1e6 }
}

/** One image in a hundred has another name. */
const changed = (images) =>
  images.map((image, index) => (index % 100 === 0 ? { ...image, name: `${image.name} changed` } : image))

const READ = { completeness: 'read', reason: null }

const toObservation = (items) => ({
  cloud: { provider: 'openstack', cloud: 'bench', region: null },
  images: { ...READ, items },
  usage: { edges: [], sources: [{ name: 'servers', ...READ }], view: { kind: 'everyone' } },
  prices: { ...READ, prices: null },
})

export const deciding = async ({ line }) => {
  const text = `[${Array.from({ length: COUNT }, (_, index) => JSON.stringify(glanceRecord(index))).join(',')}]`
  const records = measured(() => JSON.parse(text))
  const { items } = readDump(records.result, { readers: [provider.reader], cloud: 'bench' })
  const side = (images) => ({ images, isComplete: true })
  const diff = measured(() => diffImages(side(items), side(changed(items))))
  const content = measured(() => diffImages(side(items), side(changed(items)), 'content'))
  const duplicates = measured(() => findDuplicates(items))
  const prune = measured(() =>
    planPrune(toObservation(items), { isSelected: () => true, retention: { newest: 3, monthly: 12 } }),
  )
  const row = (what, seconds) =>
    line(`| ${what} | ${seconds.toFixed(2)} | **${(seconds / records.seconds).toFixed(2)}** |`)
  const count = (state) => diff.result.entries.filter((entry) => entry.state === state).length
  line(`## Decisions on ${items.length} images, against JSON.parse of their records`)
  line('| work | CPU s | ratio |')
  line('|---|---|---|')
  row(`diff over time (${count('changed')} changed, ${count('same')} the same)`, diff.seconds)
  row(`diff across clouds (${content.result.entries.length} entries)`, content.seconds)
  row(`duplicates (${duplicates.result.length} groups)`, duplicates.seconds)
  row(`prune (${prune.result.length} rows)`, prune.seconds)
  line()
  const folder = mkdtempSync(join(tmpdir(), 'imago-bench-'))
  try {
    const file = join(folder, 'images.ndjson')
    await writeDump(file, text.length, glanceRecord, { before: '', between: '\n', after: '\n' })
    line('| export of a dump of that size | s | peak MiB | MB |')
    line('|---|---|---|---|')
    const exportTo = async (name, target, findSize) => {
      const { seconds, mebibytes } = await runNode([imago, 'export', target, '--from', file, '--quiet'])
      line(`| ${name} | ${seconds.toFixed(1)} | ${mebibytes.toFixed(0)} | ${(findSize() / 1e6).toFixed(0)} |`)
    }
    for (const name of ['images.parquet', 'images.db', 'images.duckdb']) {
      const target = join(folder, name)
      await exportTo(name, target, () => statSync(target).size)
    }
    const postgres = await startPostgres()
    try {
      await exportTo('PostgreSQL', postgres.url, () =>
        Number(runPsql(postgres.url, 'SELECT pg_database_size(current_database())')),
      )
    } finally {
      await postgres.stop()
    }
    line()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
