import { defineCommand } from '../../../command-line/command.ts'
import { createMessages } from '../../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet drain',
  group: 'Transfer images:',
  summary: 'let all workers finish their transfers and end, and wait for it',
  arguments: {},
  options,
  examples: ['imago fleet drain', 'imago fleet drain --timeout 2h'],
  run: async (_, chosen) => {
    const { drain } = await import('./run.ts')
    return drain(chosen, process, createMessages(process.stderr))
  },
})
