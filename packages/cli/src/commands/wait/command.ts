import { defineCommand } from '../../command-line/command.ts'
import { images } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'wait',
  group: 'Inspect images:',
  summary: 'wait until images are no longer pending',
  arguments: images,
  options,
  examples: ['imago wait prod:id:350000013', 'imago wait lab:web lab:db --timeout 10m -q'],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { wait }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
    ])
    return runWriteCommand({ ...chosen, onlyWaits: true }, (context) => wait(given.images, chosen, context))
  },
})
