import { some } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'apply',
  group: 'Transfer images:',
  summary: 'run the transfers of plan files',
  arguments: { plans: some('plans', 'files written by imago plan -o json; - is standard input') },
  options,
  examples: ['imago apply plans.json --jobs 4', 'imago plan lab:debian-12 prod: -o json | imago apply -'],
  run: async ({ plans }, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { terminalConfirm }, { apply }] = await Promise.all([
      import('../../live-command.ts'),
      import('../../transfer/urls.ts'),
      import('../../writing/confirm.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) =>
      apply(plans, chosen, live, createUrls(live, chosen.url ?? []).open, process, terminalConfirm(process)),
    )
  },
})
