import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'update',
  group: 'Pin images:',
  summary: 'update pins to the best matching images',
  arguments: { names: any('names', 'names in the images file (default: all)') },
  options,
  examples: ['imago update', 'imago update web --dry-run', 'imago update -o markdown > pull-request.md'],
  run: ({ names }, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).update(names, chosen, live)),
})
