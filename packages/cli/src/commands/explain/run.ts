import { explainRecord, FIELD_NAMES, type Explanation, type FieldExplanation, type FieldName } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { maskSecrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { visible, visibleJson } from '../../output/visible.ts'
import { Problem } from '../../problem.ts'
import { exitCodeOf, readImages } from '../../read-images.ts'
import { didYouMean } from '../../suggest.ts'
import { dumpOptions, type InputOptions } from '../../input/input-options.ts'

export interface ExplainOptions extends InputOptions {
  readonly id?: string
  readonly field?: string
  readonly output: 'table' | 'json'
  readonly showSecrets?: boolean
}

/** The field that `--field` names; `null`: all of them. */
export const fieldNamed = (field: string | undefined): FieldName | null => {
  if (field === undefined) return null
  if ((FIELD_NAMES as readonly string[]).includes(field)) return field as FieldName
  throw new Problem(`there is no field ${field}.${didYouMean(field, FIELD_NAMES)} See imago fields.`, EXIT.usage)
}

type Mask = (text: string) => string

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

// Masked before it is cut: half a URL would keep its password.
const valueText = (value: unknown, mask: Mask): string => {
  if (value === null || value === undefined) return '-'
  return cut(mask(typeof value === 'string' && value !== '' ? value : JSON.stringify(value)), 64)
}

/** `/is_protected (protected) = false`: where the record has it, the wire's name where it differs, and the value there. */
const sourceText = ({ sources }: FieldExplanation, mask: Mask): string =>
  sources
    .filter(({ pointer }) => pointer !== null)
    .map(({ wire, pointer, value }) => `${pointer}${pointer?.endsWith(`/${wire}`) === true ? '' : ` (${wire})`} = ${cut(mask(JSON.stringify(value)), 48)}`)
    .join(', ')

const writeTable = (explanation: Explanation, name: string | null, field: FieldName | null, output: Output, mask: Mask): void => {
  const { provider, cloud, id } = explanation.ref
  output.write(`${visible(mask(`${provider}${cloud === null ? '' : `/${cloud}`}:${id}${name === null ? '' : `  ${name}`}  (read as ${explanation.dialect})`))}\n`)
  const table = createTable(output, [{ title: 'FIELD' }, { title: 'VALUE' }, { title: 'EVIDENCE' }, { title: 'FROM' }, { title: 'RULE' }])
  for (const one of explanation.fields) {
    if (field !== null && one.field !== field) continue
    table.row([one.field, valueText(one.value, mask), one.evidence, cut(sourceText(one, mask), 96), one.why])
  }
  table.end()
}

/** Prints explanations, one after the other. */
export interface ExplanationWriter {
  readonly write: (explanation: Explanation, name: string | null) => void
  readonly end: () => void
}

export const createExplanationWriter = (format: ExplainOptions['output'], field: FieldName | null, showSecrets: boolean, output: Output): ExplanationWriter => {
  const mask = showSecrets ? (text: string): string => text : maskSecrets
  let explained = 0
  if (format === 'json') output.write('{"$schema":"urn:imago:schema:explanation:1","explanations":[')
  return {
    write: (explanation, name) => {
      if (format === 'json') {
        const fields = explanation.fields.filter((one) => field === null || one.field === field)
        const line = mask(JSON.stringify({ ...explanation, fields }))
        output.write(`${explained > 0 ? ',' : ''}\n${output.isTerminal ? visibleJson(line) : line}`)
      } else {
        if (explained > 0) output.write('\n')
        writeTable(explanation, name, field, output, mask)
      }
      explained++
    },
    end: () => {
      if (format === 'json') output.write('\n]}\n')
    },
  }
}

/** `imago explain`: each field's value, how far it can be relied on, where it comes from, and by which rule. */
export const explain = async (file: string | undefined, options: ExplainOptions, output: Output, talk: Output): Promise<ExitCode> => {
  const field = fieldNamed(options.field)
  const dump = dumpOptions(options)
  const writer = createExplanationWriter(options.output, field, options.showSecrets === true, output)
  const ids: string[] = []
  let explained = 0

  const outcome = await readImages(
    file === undefined ? [] : [file],
    dump,
    {
      image: (image, _drift, _text, record) => {
        if (ids.length < 1000) ids.push(image.ref.id)
        if (options.id !== undefined && options.id !== image.ref.id) return
        const explanation = explainRecord(record, '', dump)
        if (E.isLeft(explanation)) return
        writer.write(explanation.right, image.name ?? image.description)
        explained++
      },
      flush: output.flush,
    },
    talk,
  )
  writer.end()
  await output.end()
  if (options.id !== undefined && explained === 0) {
    throw new Problem(`no image has the id ${options.id}${outcome.images === 0 ? '' : ` among ${outcome.images}`}.${didYouMean(options.id, ids)}`, EXIT.notFound)
  }
  return exitCodeOf(outcome)
}
