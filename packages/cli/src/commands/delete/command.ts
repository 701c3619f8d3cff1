import { defineCommand } from '../../command-line/command.ts'
import { images } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'delete',
  group: 'Change images:',
  summary: 'delete images after confirmation',
  arguments: images,
  options,
  examples: ['imago delete prod:id:350000005', 'imago delete prod:id:350000005 --yes -o json'],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { remove }, { terminalConfirm }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
      import('../../writing/confirm.ts'),
    ])
    return runWriteCommand(chosen, (context) => remove(given.images, chosen, context, terminalConfirm(process)))
  },
})
