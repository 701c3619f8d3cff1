import { defineCommand } from '../../command-line/command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'cleanup',
  group: 'Transfer images:',
  summary: 'find and delete orphaned resources of interrupted transfers',
  arguments: clouds,
  options,
  examples: ['imago cleanup --dry-run', 'imago cleanup prod --run 3f2a --yes'],
  run: async (given, chosen) => {
    const [{ runLiveCommand }, { cleanup }, { terminalConfirm }] = await Promise.all([
      import('../../live-command.ts'),
      import('./run.ts'),
      import('../../writing/confirm.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) => cleanup(given.clouds, chosen, live, terminalConfirm(process)))
  },
})
