import { some } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { FROM_AND_TO } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'copy',
  group: 'Transfer images:',
  summary: 'copy images between clouds, files and URLs',
  arguments: { ends: some('from-and-to', FROM_AND_TO, { completes: 'images' }) },
  options,
  examples: [
    'imago copy lab:debian-12 prod:',
    'imago copy --all lab: prod: --kind snapshot --jobs 4 --dry-run',
    'imago copy https://example.org/a.qcow2 lab:a --digest-file SHA256SUMS',
  ],
  run: async ({ ends }, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { terminalConfirm }, { copy }] = await Promise.all([
      import('../../live-command.ts'),
      import('../../transfer/urls.ts'),
      import('../../writing/confirm.ts'),
      import('./run.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) =>
      copy(ends, chosen, live, createUrls(live, ends), process.env, terminalConfirm(process)),
    )
  },
})
