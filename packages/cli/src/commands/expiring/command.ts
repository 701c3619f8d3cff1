import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'expiring',
  group: 'Lifecycle:',
  summary: 'list images that will be withdrawn or whose operating system loses support',
  arguments: clouds,
  options,
  examples: [
    'imago expiring --within 90d',
    'imago expiring prod --within 1y --used',
    'imago expiring --within 1y -o ics > images.ics',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) =>
      (await import('./run.ts')).expiring(given.clouds, chosen, live),
    ),
})
