import { one } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

const SIDE =
  '[provider/]cloud[@region], a file of saved images, or an exported database: inventory.db, inventory.db@2026-11-01'

export const command = defineCommand({
  name: 'diff',
  group: 'Lifecycle:',
  summary: 'compare images of two clouds or two times (exit code 1: they differ)',
  arguments: {
    before: one('before', SIDE, { completes: 'clouds' }),
    after: one('after', SIDE, { completes: 'clouds' }),
  },
  options,
  examples: [
    'imago diff images-october.ndjson prod',
    'imago diff inventory.db@2026-11-01 inventory.db',
    'imago diff prod demo --mine',
    'imago diff prod demo -o json --match-by content',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).diff(given, chosen, live)),
})
