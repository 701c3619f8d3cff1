import { crosswalk } from '@imago/crosswalk'
import { schemaNames, schemas } from '@imago/schema-image'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'
import { Problem } from '../../problem.ts'
import { didYouMean } from '../../suggest.ts'

const CROSSWALK = 'crosswalk'

/** What `imago schema` can print. */
export const printableSchemas: readonly string[] = [...schemaNames, CROSSWALK]

const findSchema = (name: string): unknown =>
  name === CROSSWALK ? crosswalk : (schemas as Readonly<Record<string, unknown>>)[name]

/** `imago schema NAME`: the JSON Schema of what imago prints; `crosswalk`: the vocabularies themselves. */
export const schema = async (name: string | undefined, output: Output): Promise<ExitCode> => {
  if (name === undefined) output.write(`${printableSchemas.join('\n')}\n`)
  else if (printableSchemas.includes(name)) output.write(`${JSON.stringify(findSchema(name), null, 2)}\n`)
  else
    throw new Problem(
      `there is no schema ${name}.${didYouMean(name, printableSchemas)} There are: ${printableSchemas.join(', ')}`,
      EXIT.usage,
    )
  await output.end()
  return EXIT.done
}
