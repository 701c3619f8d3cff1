import { defineCommand } from '../../command-line/command.ts'
import { namedImages } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'delete',
  group: 'Change images:',
  summary: 'delete images after confirmation',
  arguments: namedImages,
  options,
  examples: [
    'imago delete prod:id:350000005',
    'imago delete --cloud prod --kind snapshot --label role=ci --older-than 90d',
    'imago delete prod:id:350000005 --yes -o json',
  ],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { remove }, { terminalConfirm }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
      import('../../writing/confirm.ts'),
    ])
    return runWriteCommand(chosen, (context) => remove(given.images, chosen, context, terminalConfirm(process)))
  },
})
