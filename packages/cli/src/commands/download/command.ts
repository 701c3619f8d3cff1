import { defineCommand } from '../../command-line/command.ts'
import { image } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'download',
  group: 'Transfer images:',
  summary: 'download the data of an image to a file',
  arguments: image,
  options,
  examples: [
    'imago download lab:debian-12 -O debian-12.qcow2',
    'imago download lab:debian-12 -O debian-12.raw --disk-format raw',
  ],
  run: async (given, chosen) => {
    const [{ runLiveCommand }, { createUrls }, { terminalConfirm }, { copy }, { toFileArgument }] = await Promise.all([
      import('../../live-command.ts'),
      import('../../transfer/urls.ts'),
      import('../../writing/confirm.ts'),
      import('../copy/run.ts'),
      import('../../transfer/arguments.ts'),
    ])
    return runLiveCommand({ options: chosen }, (live) =>
      copy(
        [given.image, toFileArgument(chosen.file)],
        chosen,
        live,
        createUrls(live, []),
        process.env,
        terminalConfirm(process),
      ),
    )
  },
})
