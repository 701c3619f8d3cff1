import { defineCommand } from '../../../command-line/command.ts'
import { createMessages, createOutput } from '../../../output/stream.ts'
import { VERSION } from '../../../version.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet worker',
  group: 'Transfer images:',
  summary: 'run transfers and inventories until stopped (Ctrl-C or SIGTERM)',
  arguments: {},
  options,
  examples: [
    'imago fleet worker --jobs 4',
    'imago fleet worker --jobs 8 --cloud-limit prod=2 --cloud-limit lab=4',
    'imago fleet worker --until-empty',
  ],
  run: async (_, chosen) => {
    const [{ runLive }, { worker }, { stopOnSignals }] = await Promise.all([
      import('../../../connect/run-live.ts'),
      import('./run.ts'),
      import('../../../fleet/stop-signals.ts'),
    ])
    const { env, platform } = process
    // A signal lets the worker end by itself: it aborts nothing at once.
    const quiet = { env, platform, cwd: () => process.cwd(), once: () => process, off: () => process } as Parameters<
      typeof runLive
    >[0]
    return runLive(
      quiet,
      {
        ...chosen,
        version: VERSION,
        output: createOutput(process.stdout),
        messages: createMessages(process.stderr),
        reportsWaits: true,
      },
      (live) => worker(chosen, live, process, stopOnSignals(process)),
    )
  },
})
