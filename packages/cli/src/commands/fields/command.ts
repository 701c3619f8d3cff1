import { defineCommand } from '../../command-line/command.ts'
import { createOutput, createMessages } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fields',
  group: 'Reference:',
  summary: 'list the fields of images, and how each provider fills them',
  arguments: {},
  options,
  examples: ['imago fields --provider openstack', 'imago fields -q', 'imago fields -o csv -c field,provider,type'],
  run: async (_, chosen) => {
    const messages = createMessages(process.stderr)
    const [{ fields }, { loadReaders }] = await Promise.all([
      import('./run.ts'),
      import('../../providers/load-providers.ts'),
    ])
    const readers = await loadReaders(process, messages)
    await messages.end()
    return fields(chosen, createOutput(process.stdout), readers)
  },
})
