import { defineCommand } from '../../command-line/command.ts'
import { createMessages, createOutput } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'lock',
  group: 'Pin images:',
  summary: 'pin in images.lock.json the images that imago.images.yaml requires',
  arguments: {},
  options,
  examples: ['imago lock', 'imago lock --check', 'imago lock --locked -o tfvars > images.auto.tfvars'],
  run: async (_, chosen) => {
    const { lock, lockOffline } = await import('./run.ts')
    const outputs = { output: createOutput(process.stdout), messages: createMessages(process.stderr) }
    const code = await lockOffline(chosen, outputs)
    if (code !== null) return code
    const { runLiveCommand } = await import('../../live-command.ts')
    return runLiveCommand({ options: chosen }, (live) => lock(chosen, live))
  },
})
