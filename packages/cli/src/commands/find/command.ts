import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { optionalImage } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'find',
  group: 'Inspect images:',
  summary: 'print the ID of the matching image',
  arguments: optionalImage,
  options,
  examples: [
    'imago find --cloud prod --os debian --newest',
    'imago find prod:ubuntu-24.04 --arch arm64',
    'imago find --os ubuntu --all -o value -c id,name',
  ],
  run: ({ image }, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).find(image, chosen, live)),
})
