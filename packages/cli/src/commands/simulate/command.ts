import { defineCommand } from '../../command-line/command.ts'
import { createOutput } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'simulate',
  group: 'Clouds:',
  summary: 'run local simulators of Hetzner Cloud and OpenStack',
  arguments: {},
  options,
  examples: ['imago simulate', 'imago simulate --images 1000 --config-dir ./simulated'],
  run: async (_, chosen) => {
    const { simulate } = await import('./run.ts')
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    return simulate(chosen, createOutput(process.stdout), () => stopped)
  },
})
