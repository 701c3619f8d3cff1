import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'report',
  group: 'Lifecycle:',
  summary: 'write an HTML report of costs, expiring images, prune candidates and changes',
  arguments: clouds,
  options,
  examples: [
    'imago report',
    'imago report prod demo -o images.html --since images-october.ndjson',
    'imago report --from inventory.db --since inventory.db@2026-11-01',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).report(given.clouds, chosen, live)),
})
