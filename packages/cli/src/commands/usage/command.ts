import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'usage',
  group: 'Lifecycle:',
  summary: 'list what uses images: servers, volumes and other images',
  arguments: {
    targets: any(
      'targets',
      '[provider/]cloud[@region], or one image of it as cloud:image (default: all configured clouds)',
      {
        completes: 'images',
      },
    ),
  },
  options,
  examples: ['imago usage prod:golden-web', 'imago usage prod --unused --kind snapshot', 'imago usage --used -o json'],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).usage(given.targets, chosen, live)),
})
