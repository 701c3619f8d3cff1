import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'duplicates',
  group: 'Lifecycle:',
  summary: 'list images with the same data, and their costs',
  arguments: clouds,
  options,
  examples: ['imago duplicates', 'imago duplicates prod demo --mine', 'imago duplicates --kind snapshot -o json'],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) =>
      (await import('./run.ts')).duplicates(given.clouds, chosen, live),
    ),
})
