import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { image } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'operations',
  group: 'Inspect images:',
  summary: 'list the provider’s operations on an image: Hetzner actions, Glance tasks',
  arguments: image,
  options,
  examples: ['imago operations prod:id:161547269', 'imago operations lab:web -o value -c id,status'],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) =>
      (await import('./run.ts')).operations(given.image, chosen, live),
    ),
})
