import { defineCommand } from '../../command-line/command.ts'
import { namedImages } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'set',
  group: 'Change images:',
  summary: 'update the name, description, labels, tags and properties of images',
  arguments: namedImages,
  options,
  examples: [
    'imago set prod:id:350000001 --set-label env=prod --remove-label old',
    'imago set --cloud prod --kind snapshot --label role=web --set-label keep=yes --dry-run',
    'imago set lab:web --set-name web-2 --set-property os_version=12.8 --dry-run',
  ],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { set }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
    ])
    return runWriteCommand(chosen, (context) => set(given.images, chosen, context))
  },
})
