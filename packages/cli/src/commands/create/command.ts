import { one } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'create',
  group: 'Change images:',
  summary: 'create an image without data',
  arguments: { target: one('cloud:name', 'cloud and name of the new image', { completes: 'images' }) },
  options,
  examples: [
    'imago create lab:rescue --disk-format raw --set-arch x86_64 --min-disk 10GiB',
    'imago create lab:rescue --disk-format qcow2 --set-tag tools --dry-run',
  ],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { create }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
    ])
    return runWriteCommand(chosen, (context) => create(given.target, chosen, context))
  },
})
