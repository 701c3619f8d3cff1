import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'servers',
  group: 'Inspect images:',
  summary: 'list the servers that images can be created from',
  arguments: clouds,
  options,
  examples: ['imago servers', 'imago servers prod --label role=web', 'imago servers prod -o value -c id,name'],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).servers(given.clouds, chosen, live)),
})
