import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'snapshot',
  group: 'Change images:',
  summary: 'create images from the disks of servers',
  arguments: {
    servers: any('servers', '[provider/]cloud[@region]:server, where server is an ID or a name; or use --label', {
      completes: 'images',
    }),
  },
  options,
  examples: [
    'imago snapshot prod:web-1 --set-description nightly --set-label role=web',
    'imago snapshot prod:web-1 --set-description nightly --dry-run',
    'imago snapshot --cloud prod --label role=web --set-description "before upgrade"',
    'imago snapshot lab:web-1 --set-name web-before --no-wait -q',
  ],
  run: async (given, chosen) => {
    const [{ runWriteCommand }, { snapshot }] = await Promise.all([
      import('../../writing/write-context.ts'),
      import('./run.ts'),
    ])
    return runWriteCommand(chosen, (context) => snapshot(given.servers, chosen, context))
  },
})
