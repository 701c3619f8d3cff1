import { optional } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { createOutput } from '../../output/stream.ts'
import { options, SCHEMAS } from './options.ts'

export const command = defineCommand({
  name: 'schema',
  group: 'Reference:',
  summary: 'print the JSON Schema of an output document, or the SQL of the exported tables',
  arguments: {
    name: optional(
      'name',
      'document, such as images; crosswalk: names of operating systems and architectures; support: end dates of operating systems (default: list the names)',
      {
        choices: SCHEMAS,
      },
    ),
  },
  options,
  examples: [
    'imago schema',
    'imago schema images > images.schema.json',
    'imago schema tables --sql postgres > tables.sql',
  ],
  run: async ({ name }, chosen) => (await import('./run.ts')).schema(name, createOutput(process.stdout), chosen),
})
