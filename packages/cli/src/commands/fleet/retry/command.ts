import { any } from '../../../command-line/argument.ts'
import { defineCommand } from '../../../command-line/command.ts'
import { createMessages, createOutput } from '../../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet retry',
  group: 'Transfer images:',
  summary: 'queue failed and cancelled transfers again',
  arguments: { runs: any('runs', 'run IDs, as printed by imago fleet status') },
  options,
  examples: ['imago fleet retry 0d5c4f3e-1f0b-5d0e-9a55-8f4f6f3a2c11', 'imago fleet retry --all'],
  run: async ({ runs }, chosen) => {
    const { retry } = await import('./run.ts')
    return retry(runs, chosen, process, {
      output: createOutput(process.stdout),
      messages: createMessages(process.stderr),
    })
  },
})
