import { optional } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { createOutput } from '../../output/stream.ts'
import { SCHEMAS } from './options.ts'

export const command = defineCommand({
  name: 'schema',
  group: 'Reference:',
  summary: 'print the JSON Schema of a document that imago prints',
  arguments: {
    name: optional(
      'name',
      'a document; crosswalk: OS and architecture words; support: ends of OS support (default: list them)',
      {
        choices: SCHEMAS,
      },
    ),
  },
  options: {},
  examples: ['imago schema', 'imago schema images > images.schema.json'],
  run: async ({ name }) => (await import('./run.ts')).schema(name, createOutput(process.stdout)),
})
