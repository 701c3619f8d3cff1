import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { images } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'show',
  group: 'Inspect images:',
  summary: 'show all fields of images',
  arguments: images,
  options,
  examples: [
    'imago show prod:ubuntu-24.04 lab@RegionOne:debian-12',
    'imago show lab:id:3a0e4797-6119-4fd9-a43f-3e7b99d8493e -o json',
    'imago show prod:web -o value -c id,labels.env',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).show(given.images, chosen, live)),
})
