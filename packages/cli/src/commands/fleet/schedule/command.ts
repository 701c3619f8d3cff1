import { any, one } from '../../../command-line/argument.ts'
import { defineCommand } from '../../../command-line/command.ts'
import { createMessages } from '../../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'fleet schedule',
  group: 'Transfer images:',
  summary: 'schedule inventories of clouds, which workers store',
  arguments: {
    name: one('name', 'the name of the schedule: letters, digits, - and _'),
    clouds: any('clouds', '[provider/]cloud[@region] (default: all clouds that the worker has configured)', {
      completes: 'clouds',
    }),
  },
  options,
  examples: [
    "imago fleet schedule nightly --cron '0 3 * * *' --time-zone Europe/Berlin",
    "imago fleet schedule prod --cron '*/15 * * * *' prod lab",
    'imago fleet schedule nightly --remove',
  ],
  run: async ({ name, clouds }, chosen) => {
    const { schedule } = await import('./run.ts')
    return schedule(name, clouds, chosen, process, createMessages(process.stderr))
  },
})
