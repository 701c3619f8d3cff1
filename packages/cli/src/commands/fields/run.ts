import type { FieldReference, ImageReader } from '@imago/core'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { readers as bundled } from 'imago'
import { parseChoice } from '../../command-line/choice.ts'
import type { Output } from '../../output/stream.ts'
import { column, columnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import type { FieldsOptions } from './options.ts'

const formatSteps = ({ steps }: FieldReference): string =>
  steps.length === 0
    ? 'not provided'
    : steps
        .map(
          ({ evidence, reads, why }) => `${evidence}${reads.length === 0 ? '' : ` from ${reads.join(', ')}`}: ${why}`,
        )
        .join('; else ')

/** A Markdown table, for docs/fields.md. */
const markdown = (references: readonly FieldReference[]): string => {
  const escape = (text: string): string => text.replaceAll('|', '\\|')
  const rows = references.map((one) => {
    const steps = one.steps.map(
      ({ evidence, reads, why }) =>
        `**${evidence}** ${reads.map((key) => (key === '*' ? 'all other keys' : `\`${key}\``)).join(', ')}: ${escape(why)}`,
    )
    return `| \`${one.field}\` | ${one.class ?? '–'} | ${steps.length === 0 ? 'not provided' : steps.join('<br>')} |`
  })
  return ['| field | class | sources, in order of preference |', '|---|---|---|', ...rows, ''].join('\n')
}

const COLUMNS = columnSet<FieldReference>('field', [
  column('field', 'FIELD', ({ field }) => field, { whole: true }),
  column('provider', 'PROVIDER', ({ provider }) => provider),
  column('type', 'TYPE', (one) => one.type),
  column('class', 'CLASS', (one) => one.class),
  column('steps', 'SOURCES', formatSteps),
])

/** `imago fields`: lists the wire fields, evidence and mapping rule of each field, by provider. */
export const fields = async (
  options: FieldsOptions,
  output: Output,
  readers: readonly ImageReader[] = bundled,
): Promise<ExitCode> => {
  const names = readers.map(({ provider }) => provider)
  if (options.provider !== undefined) parseChoice('--provider', options.provider, names)
  const request = requestRows(COLUMNS, options)
  const chosen = readers.filter(({ provider }) => options.provider === undefined || provider === options.provider)
  const references = chosen.flatMap((reader) => reader.fields)
  if (request.format === 'markdown')
    for (const reader of chosen) output.write(`## ${reader.title}\n\n${markdown(reader.fields)}\n`)
  else
    await printRows(COLUMNS, request, references, output, (rows) => ({
      $schema: 'urn:imago:schema:fields:1',
      fields: rows,
    }))
  await output.end()
  return EXIT.done
}
