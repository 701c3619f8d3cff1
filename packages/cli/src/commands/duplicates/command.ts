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
  examples: [
    'imago duplicates',
    'imago duplicates prod demo --mine',
    'imago duplicates --kind snapshot -o json',
    'imago duplicates prod demo --mine --read',
  ],
  run: (given, chosen) =>
    runLiveCommand({ options: chosen }, async (live) => {
      const [{ duplicates }, { terminalConfirm }] = await Promise.all([
        import('./run.ts'),
        import('../../writing/confirm.ts'),
      ])
      return duplicates(given.clouds, chosen, live, process.env, terminalConfirm(process))
    }),
})
