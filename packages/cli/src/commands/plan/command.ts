import { some } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { FROM_AND_TO } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'plan',
  group: 'Transfer images:',
  summary: 'show which fields a transfer keeps, translates and loses, its steps and its cost',
  arguments: { ends: some('from-and-to', FROM_AND_TO, { completes: 'images' }) },
  options,
  examples: [
    'imago plan lab:debian-12 prod:',
    'imago plan --all lab: prod: --kind snapshot -o json > plans.json',
    'imago plan --all lab: prod: -o value -c image,bytes,lost',
  ],
  run: async ({ ends }, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { plan }] = await Promise.all([
      import('../../live-command.ts'),
      import('../../transfer/urls.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) => plan(ends, chosen, live, createUrls(live, ends)))
  },
})
