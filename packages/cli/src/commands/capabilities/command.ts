import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'capabilities',
  group: 'Clouds:',
  summary: 'list what providers and clouds support',
  arguments: { clouds: any('clouds', '[provider/]cloud[@region] (default: all providers)', { completes: 'clouds' }) },
  options,
  examples: ['imago capabilities', 'imago capabilities prod --probe', 'imago capabilities prod lab -o csv'],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) =>
      (await import('./run.ts')).capabilities(given.clouds, chosen, live),
    ),
})
