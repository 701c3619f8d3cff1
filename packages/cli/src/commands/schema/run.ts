import { crosswalk } from '@imago/crosswalk'
import { supportData } from '@imago/crosswalk/support'
import { schemaNames, schemas } from '@imago/schema-image'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'
import { Problem } from '../../problem.ts'
import type { SchemaOptions } from './options.ts'
import { formatSuggestion } from '../../format-suggestion.ts'

/** Data of imago that can be printed, besides the schemas. */
const DATA: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['crosswalk', crosswalk],
  ['support', { $schema: 'urn:imago:schema:operating-system-support:1', ...supportData }],
])

/** The names that `imago schema` accepts. */
export const printableSchemas: readonly string[] = [...schemaNames, ...DATA.keys()]

const findSchema = (name: string): unknown => DATA.get(name) ?? (schemas as Readonly<Record<string, unknown>>)[name]

/** `imago schema NAME`: prints a JSON Schema; `crosswalk`: the vocabularies; `tables --sql`: SQL statements. */
export const schema = async (
  name: string | undefined,
  output: Output,
  { sql }: SchemaOptions = {},
): Promise<ExitCode> => {
  if (sql !== undefined) {
    if (name !== 'tables')
      throw new Problem('--sql applies only to tables. Use imago schema tables --sql sqlite', EXIT.usage)
    output.write((await import('@imago/store')).tablesSql(sql))
  } else if (name === undefined) output.write(`${printableSchemas.join('\n')}\n`)
  else if (printableSchemas.includes(name)) output.write(`${JSON.stringify(findSchema(name), null, 2)}\n`)
  else
    throw new Problem(
      `unknown schema ${JSON.stringify(name)} (one of: ${printableSchemas.join(', ')})${formatSuggestion(name, printableSchemas)}`,
      EXIT.usage,
    )
  await output.end()
  return EXIT.done
}
