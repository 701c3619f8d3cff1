import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'list',
  group: 'Inspect images:',
  summary: 'list the images of all configured clouds, or of the named clouds',
  arguments: clouds,
  options,
  examples: [
    'imago list --os ubuntu --arch arm64',
    "imago list prod --label 'env in (prod,test)' --sort created:desc",
    'imago list prod --unused --kind snapshot -c name,id,usedBy,cost --sort cost:desc',
    'imago list -o value -c id,name',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => (await import('./run.ts')).list(given.clouds, chosen, live)),
})
