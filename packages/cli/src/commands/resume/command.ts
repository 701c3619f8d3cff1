import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'resume',
  group: 'Transfer images:',
  summary: 'continue transfers that were interrupted',
  arguments: { runs: any('runs', 'run IDs, or their first characters (default: all interrupted runs)') },
  options,
  examples: ['imago resume', 'imago resume --list --sort started:desc', 'imago resume --discard 3f2a'],
  run: async ({ runs }, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { terminalConfirm }, { resume }] = await Promise.all([
      import('../../live-command.ts'),
      import('../../transfer/urls.ts'),
      import('../../writing/confirm.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) =>
      resume(runs, chosen, live, createUrls(live, chosen.url ?? []).open, process.env, terminalConfirm(process)),
    )
  },
})
