import { defineCommand } from '../../../command-line/command.ts'
import { createMessages, createOutput } from '../../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet status',
  group: 'Transfer images:',
  summary: 'show the progress of the fleet, its workers and failures',
  arguments: {},
  options,
  examples: ['imago fleet status', 'imago fleet status --state failed -o json', 'imago fleet status --state queued -q'],
  run: async (_, chosen) => {
    const { status } = await import('./run.ts')
    return status(chosen, process, { output: createOutput(process.stdout), messages: createMessages(process.stderr) })
  },
})
