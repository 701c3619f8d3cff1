import { defineCommand } from '../../../command-line/command.ts'
import { createMessages } from '../../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet drain',
  group: 'Transfer images:',
  summary: 'stop all workers after their current transfers, and wait for them',
  arguments: {},
  options,
  examples: ['imago fleet drain', 'imago fleet drain --timeout 2h'],
  run: async (_, chosen) => {
    const { drain } = await import('./run.ts')
    return drain(chosen, process, createMessages(process.stderr))
  },
})
