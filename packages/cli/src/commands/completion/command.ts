import { any, oneOf } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { createOutput } from '../../output/stream.ts'

/** As those that the completion scripts are made for; a test compares them. */
const SHELLS = ['bash', 'zsh', 'fish'] as const

export const completion = defineCommand({
  name: 'completion',
  group: 'Reference:',
  summary: 'print a completion script for a shell',
  arguments: { shell: oneOf('shell', 'the shell', SHELLS) },
  options: {},
  examples: ['source <(imago completion bash)', 'imago completion fish > ~/.config/fish/completions/imago.fish'],
  run: async ({ shell }) => (await import('./run.ts')).completion(shell, createOutput(process.stdout)),
})

/** What those scripts ask. */
export const completionServer = defineCommand({
  name: 'completion-server',
  group: null,
  summary: 'answer a completion script',
  arguments: { words: any('words', 'what was typed') },
  options: {},
  examples: [],
  run: async (_, __, { commands }) => {
    const [{ configuredClouds }, { completionServer: answer }] = await Promise.all([
      import('../../connect/configured-clouds.ts'),
      import('./run.ts'),
    ])
    return answer(commands, await configuredClouds(process, {}))
  },
})
