import { defineCommand } from '../../command-line/command.ts'
import { images } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'set',
  group: 'Change images:',
  summary: 'update an image’s name, description, labels, tags and properties',
  arguments: images,
  options,
  examples: [
    'imago set prod:id:161547269 --set-label env=prod --remove-label old',
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
