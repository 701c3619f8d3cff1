import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { createOutput, createMessages } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'clouds',
  group: 'Clouds:',
  summary: 'list the configured clouds and their configuration files',
  arguments: clouds,
  options,
  examples: ['imago clouds', 'imago clouds --check', 'imago clouds -o value -c cloud,url'],
  run: async (given, chosen) => {
    if (chosen.check === true)
      return runLiveCommand({ options: chosen }, async (live) =>
        (await import('./check.ts')).checkClouds(given.clouds, chosen, live),
      )
    const [{ configuredClouds }, { clouds: run }] = await Promise.all([
      import('../../connect/configured-clouds.ts'),
      import('./run.ts'),
    ])
    const { environment, ...configured } = await configuredClouds(process, chosen)
    return run(
      given.clouds,
      chosen,
      configured,
      environment,
      createOutput(process.stdout),
      createMessages(process.stderr),
    )
  },
})
