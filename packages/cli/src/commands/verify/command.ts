import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'verify',
  group: 'Pin images:',
  summary: 'check that pinned images exist and are unchanged',
  arguments: { names: any('names', 'names in the lock file (default: all)') },
  options,
  examples: ['imago verify', 'imago verify --within 30d', 'imago verify web -o json'],
  run: ({ names }, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).verify(names, chosen, live)),
})
