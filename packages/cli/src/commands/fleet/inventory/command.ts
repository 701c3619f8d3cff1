import { defineCommand } from '../../../command-line/command.ts'
import { clouds } from '../../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet inventory',
  group: 'Transfer images:',
  summary: 'queue inventories of clouds, which workers store',
  arguments: clouds,
  options,
  examples: ['imago fleet inventory', 'imago fleet inventory prod lab@fsn1'],
  run: async ({ clouds: names }, chosen) => {
    const [{ runLiveCommand }, { inventory }] = await Promise.all([
      import('../../../live-command.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) => inventory(names, chosen, live, process))
  },
})
