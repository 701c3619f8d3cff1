import { one } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { createMessages, createOutput } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'export',
  group: 'Inspect images:',
  summary: 'export images to Parquet, or with history to SQLite, DuckDB or PostgreSQL',
  arguments: {
    target: one('target', 'FILE.parquet, FILE.db (SQLite), FILE.duckdb or postgres://USER@HOST/DATABASE'),
    ...clouds,
  },
  options,
  examples: [
    'imago export inventory.db',
    'imago export images.parquet prod --kind snapshot --raw',
    'imago export postgres://imago@db.example.com/inventory --usage',
    'imago export inventory.db --from hetzner.json --cloud prod --at 2026-10-01',
  ],
  run: async ({ target, clouds: names }, chosen) => {
    if (chosen.from === undefined)
      return runLiveCommand({ options: chosen }, async (live) =>
        (await import('./export-clouds.ts')).exportClouds(target, names, chosen, live),
      )
    const messages = createMessages(process.stderr)
    const [{ exportFiles }, { loadReaders }] = await Promise.all([
      import('./export-files.ts'),
      import('../../providers/load-providers.ts'),
    ])
    const readers = await loadReaders(process, messages)
    return exportFiles(target, names, chosen, { output: createOutput(process.stdout), messages, readers })
  },
})
