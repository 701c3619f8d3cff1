import type { ImageReader } from '@imago/core'
import type { DriftEntry, DriftReport } from '../../drift-report.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { count } from '../../output/count.ts'
import { column, columnSet } from '../../output/column.ts'
import { printRows, requestRows } from '../../output/rows.ts'
import type { Output } from '../../output/stream.ts'
import { outcomeToExitCode, readImages } from '../../read-images.ts'
import { formatRejection } from '../../rejection.ts'
import { dumpOptions } from '../../input/dump-options.ts'
import type { DriftOptions } from './options.ts'

const describeEntry = (entry: DriftEntry): string => {
  switch (entry.kind) {
    case 'unknown-word':
      return `word ${JSON.stringify(entry.word ?? '')}`
    case 'unknown-key':
      return `key with a value of type ${entry.got ?? 'unknown'}`
    case 'wrong-type':
      return `expected ${entry.expected ?? ''}, got ${entry.got ?? ''}`
  }
}

/** A drift entry, or a rejected record. */
type Finding = { readonly entry: DriftEntry } | { readonly rejection: DriftReport['rejections'][number] }

const placeText = (file: string, line: number | null, pointer: string): string =>
  `${file}${line === null ? '' : `:${line}`}${pointer === '' ? '' : `: ${pointer}`}`

const formatFirst = (finding: Finding): string => {
  const { file, line, pointer } = 'entry' in finding ? finding.entry.first : finding.rejection
  return placeText(file, line, pointer)
}

const COLUMNS = columnSet<Finding>('path', [
  column('kind', 'KIND', (one) => ('entry' in one ? one.entry.kind : 'rejected')),
  column('provider', 'PROVIDER', (one) => ('entry' in one ? one.entry.provider : one.rejection.provider)),
  column('path', 'PATH', (one) => ('entry' in one ? one.entry.path : one.rejection.pointer)),
  column('what', 'WHAT', (one) => ('entry' in one ? describeEntry(one.entry) : formatRejection(one.rejection))),
  column('count', 'COUNT', (one) => ('entry' in one ? one.entry.count : 1), { align: 'right' }),
  column('first', 'FIRST', formatFirst),
])

/** One line that summarizes the report. */
const formatSummary = (report: DriftReport): string => {
  const kinds = report.notes === 0 ? '' : ` (${count(report.drift.length, 'kind')})`
  return `${count(report.images, 'image')}, ${count(report.notes, 'difference')} from the known API${kinds}, ${count(report.rejected, 'record')} rejected`
}

/** `imago drift`: reports words, keys and types in records that imago does not know. */
export const drift = async (
  files: readonly string[],
  options: DriftOptions,
  output: Output,
  messages: Output,
  readers?: readonly ImageReader[],
): Promise<ExitCode> => {
  const request = requestRows(COLUMNS, options)
  const outcome = await readImages(
    files,
    dumpOptions(options, readers),
    { image: () => undefined, flush: output.flush },
    messages,
    { reportRejected: false },
  )
  const report = outcome.drift.report()
  const findings = [
    ...report.drift.map((entry): Finding => ({ entry })),
    ...report.rejections.map((rejection): Finding => ({ rejection })),
  ]
  await printRows(COLUMNS, request, findings, output, () => report)
  if (request.format === 'table' && request.columns === null) output.write(`${formatSummary(report)}\n`)
  await output.end()
  const code = outcomeToExitCode(outcome)
  return code === EXIT.done && report.notes > 0 ? EXIT.findings : code
}
