import { any } from '../../../command-line/argument.ts'
import { defineCommand } from '../../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet submit',
  group: 'Transfer images:',
  summary: 'add transfers to the queue of the fleet',
  arguments: {
    ends: any(
      'from-and-to',
      'sources, as [provider/]cloud[@region]:image or https://…; then the target, as cloud: or cloud:name',
      { completes: 'images' },
    ),
  },
  options,
  examples: [
    'imago fleet submit lab:debian-12 prod:',
    'imago fleet submit --all lab: prod: --kind snapshot',
    'imago fleet submit --transfers transfers.csv',
    'imago plan --all lab: prod: -o json | imago fleet submit --transfers -',
  ],
  run: async ({ ends }, chosen) => {
    const [{ runLiveCommand }, { terminalConfirm }, { submit }] = await Promise.all([
      import('../../../live-command.ts'),
      import('../../../writing/confirm.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) => submit(ends, chosen, live, process, terminalConfirm(process)))
  },
})
