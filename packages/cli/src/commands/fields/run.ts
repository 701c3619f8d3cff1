import type { FieldReference } from '@imago/core'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { readers } from '../../readers.ts'

export interface FieldsOptions {
  readonly provider?: string
  readonly output: 'table' | 'json' | 'markdown'
}

const howOf = ({ steps }: FieldReference): string =>
  steps.length === 0 ? 'never said' : steps.map(({ evidence, reads, why }) => `${evidence}${reads.length === 0 ? '' : ` from ${reads.join(', ')}`}: ${why}`).join('; else ')

/** A table of Markdown, for docs/fields.md. */
const markdown = (references: readonly FieldReference[]): string => {
  const escape = (text: string): string => text.replaceAll('|', '\\|')
  const rows = references.map((one) => {
    const steps = one.steps.map(({ evidence, reads, why }) => `**${evidence}** ${reads.map((key) => (key === '*' ? 'all other keys' : `\`${key}\``)).join(', ')}: ${escape(why)}`)
    return `| \`${one.field}\` | ${one.class ?? '–'} | ${steps.length === 0 ? 'never said' : steps.join('<br>')} |`
  })
  return ['| field | class | how it is filled, best first |', '|---|---|---|', ...rows, ''].join('\n')
}

/** `imago fields`: for each field and provider, which wire fields fill it, with what evidence, by which rule. */
export const fields = async (options: FieldsOptions, output: Output): Promise<ExitCode> => {
  const chosen = readers.filter(({ provider }) => options.provider === undefined || provider === options.provider)
  const references = chosen.flatMap((reader) => reader.fields)
  if (options.output === 'json') output.write(`${JSON.stringify({ $schema: 'urn:imago:schema:fields:1', fields: references }, null, 2)}\n`)
  else if (options.output === 'markdown') for (const reader of chosen) output.write(`## ${reader.title}\n\n${markdown(reader.fields)}\n`)
  else {
    const table = createTable(output, [{ title: 'FIELD' }, { title: 'PROVIDER' }, { title: 'TYPE' }, { title: 'CLASS' }, { title: 'HOW IT IS FILLED' }])
    for (const one of references) table.row([one.field, one.provider, one.type, one.class ?? '-', howOf(one)])
    table.end()
  }
  await output.end()
  return EXIT.done
}
