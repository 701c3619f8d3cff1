import { one } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'upload',
  group: 'Transfer images:',
  summary: 'create an image from a local file',
  arguments: {
    file: one('file', 'file to upload'),
    target: one('cloud:', 'target, as cloud: or cloud:name', { completes: 'images' }),
  },
  options,
  examples: [
    'imago upload debian-12.qcow2 lab: --set-arch x86_64',
    'imago upload disk.raw.zst prod: --set-arch arm64 --set-label env=prod --dry-run',
  ],
  run: async ({ file, target }, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { terminalConfirm }, { copy }, { toUploadArgument }] = await Promise.all(
      [
        import('../../live-command.ts'),
        import('../../transfer/urls.ts'),
        import('../../writing/confirm.ts'),
        import('../copy/run.ts'),
        import('../../transfer/arguments.ts'),
      ],
    )
    return runLiveCommand({ options: chosen }, (live) =>
      copy([toUploadArgument(file), target], chosen, live, createUrls(live, []), process.env, terminalConfirm(process)),
    )
  },
})
