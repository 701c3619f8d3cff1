import { any, choice } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { createOutput } from '../../output/stream.ts'

/** Equal to the shells of the completion scripts; a test compares them. */
const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completion = defineCommand({
  name: 'completion',
  group: 'Reference:',
  summary: 'print a completion script for a shell',
  arguments: { shell: choice('shell', 'shell to complete for', SHELLS) },
  options: {},
  examples: ['source <(imago completion bash)', 'imago completion fish > ~/.config/fish/completions/imago.fish'],
  run: async ({ shell }) => (await import('./run.ts')).completion(shell, createOutput(process.stdout)),
})

/** Called by the completion scripts. */
export const completionServer = defineCommand({
  name: 'completion-server',
  group: null,
  summary: 'print completions for a shell',
  arguments: { words: any('words', 'words typed so far') },
  options: {},
  examples: [],
  run: async (_, __, { commands }) => {
    const { completionServer: printCompletions } = await import('./server.ts')
    return printCompletions(commands, process.env, createOutput(process.stdout))
  },
})
