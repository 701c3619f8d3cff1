import { explainRecord, type Evidence, type FieldName } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { writeFile } from 'node:fs/promises'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { columnsNamed } from '../../output/columns.ts'
import { count } from '../../output/count.ts'
import type { EvidenceOf } from '../../output/image-json.ts'
import { createImageWriter, type ImageFormat } from '../../output/image-writer.ts'
import { maskSecrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { fileProblem, Problem } from '../../problem.ts'
import { exitCodeOf, readImages } from '../../read-images.ts'
import { dumpOptions, type InputOptions } from '../../input/input-options.ts'

export interface NormalizeOptions extends InputOptions {
  readonly output: ImageFormat
  readonly columns?: string
  readonly strict?: boolean
  readonly evidence?: boolean
  readonly drift?: string
  readonly showSecrets?: boolean
  readonly rawCsv?: boolean
  /** `false`: without the line of headings. */
  readonly header?: boolean
  readonly quiet?: boolean
}

/** An option that would be ignored is a mistake that would not be noticed. */
const checkOptions = ({ output, evidence, columns, header }: NormalizeOptions): void => {
  if (evidence === true && (output === 'csv' || output === 'value')) throw new Problem(`--evidence goes with table, json, ndjson and yaml: ${output} has no place for it`, EXIT.usage)
  if (header === false && output !== 'table' && output !== 'csv') throw new Problem(`--no-header goes with table and csv: ${output} has no header`, EXIT.usage)
  if (columns !== undefined && output !== 'table' && output !== 'csv' && output !== 'value') throw new Problem(`--columns goes with table, csv and value: ${output} has every field`, EXIT.usage)
}

/** `imago normalize`: saved dumps in, images out. */
export const normalize = async (files: readonly string[], options: NormalizeOptions, output: Output, talk: Output): Promise<ExitCode> => {
  checkOptions(options)
  const dump = { ...dumpOptions(options), strict: options.strict === true }
  const columns = options.columns === undefined ? null : columnsNamed(options.columns)
  const writer = await createImageWriter(options.output, output, { columns, showSecrets: options.showSecrets === true, rawCsv: options.rawCsv === true, header: options.header })

  const evidenceOf = (record: unknown): EvidenceOf | null => {
    const explained = explainRecord(record, '', dump)
    if (E.isLeft(explained)) return null
    return Object.fromEntries(explained.right.fields.map(({ field, evidence }) => [field, evidence])) as Record<FieldName, Evidence>
  }

  const outcome = await readImages(
    files,
    dump,
    { image: (image, _drift, text, record) => writer.image(image, text, options.evidence === true ? evidenceOf(record) : null), flush: output.flush },
    talk,
  )
  writer.end()
  await output.end()

  const report = outcome.drift.report()
  if (options.drift !== undefined) {
    await writeFile(options.drift, `${maskSecrets(JSON.stringify(report, null, 2))}\n`).catch((error: unknown) => {
      throw fileProblem('write', options.drift ?? '', error)
    })
  }
  if (options.quiet !== true && (talk.isTerminal || report.notes > 0 || outcome.rejected > 0)) {
    const drift = report.notes > 0 ? `, ${count(report.notes, 'unexpected thing')} (imago drift tells)` : ''
    const legend = options.evidence === true && options.output === 'table' ? '; ~ inferred, ? assumed' : ''
    talk.write(`${count(outcome.images, 'image')}, ${outcome.rejected} rejected${drift}${legend}\n`)
    await talk.end()
  }
  const code = exitCodeOf(outcome)
  return code === EXIT.done && options.drift !== undefined && report.notes > 0 ? EXIT.findings : code
}
