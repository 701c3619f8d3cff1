import type { DriftEntry, DriftReport } from '../../drift-report.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { count } from '../../output/count.ts'
import { maskSecrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { createTable } from '../../output/table.ts'
import { visibleJson } from '../../output/visible.ts'
import { exitCodeOf, readImages } from '../../read-images.ts'
import { reasonOf } from '../../rejection.ts'
import { dumpOptions, type InputOptions } from '../../input/input-options.ts'

export interface DriftOptions extends InputOptions {
  readonly output: 'table' | 'json'
}

const whatOf = (entry: DriftEntry): string => {
  switch (entry.kind) {
    case 'unknown-word':
      return `word ${maskSecrets(JSON.stringify(entry.word ?? ''))}`
    case 'unknown-key':
      return `key with a value of type ${entry.got ?? 'unknown'}`
    case 'wrong-type':
      return `expected ${entry.expected ?? ''}, got ${entry.got ?? ''}`
  }
}

const writeTable = (report: DriftReport, output: Output): void => {
  if (report.drift.length > 0 || report.rejections.length > 0) {
    const table = createTable(output, [{ title: 'KIND' }, { title: 'PROVIDER' }, { title: 'PATH' }, { title: 'WHAT' }, { title: 'COUNT', align: 'right' }, { title: 'FIRST' }])
    const place = (file: string, line: number | null, pointer: string): string => `${file}${line === null ? '' : `:${line}`}${pointer === '' ? '' : `: ${pointer}`}`
    for (const entry of report.drift) {
      table.row([entry.kind, entry.provider, entry.path, whatOf(entry), String(entry.count), place(entry.first.file, entry.first.line, entry.first.pointer)])
    }
    for (const one of report.rejections) table.row(['rejected', one.provider ?? '-', one.pointer, reasonOf(one), '1', place(one.file, one.line, one.pointer)])
    table.end()
  }
  const kinds = report.notes === 0 ? '' : ` of ${count(report.drift.length, 'kind')}`
  output.write(`${count(report.images, 'image')}, ${count(report.notes, 'unexpected thing')}${kinds}, ${count(report.rejected, 'record')} rejected\n`)
}

/** `imago drift`: what the records said that imago did not expect. */
export const drift = async (files: readonly string[], options: DriftOptions, output: Output, talk: Output): Promise<ExitCode> => {
  const outcome = await readImages(files, dumpOptions(options), { image: () => undefined, flush: output.flush }, talk, { tellRejected: false })
  const report = outcome.drift.report()
  if (options.output === 'json') {
    const text = maskSecrets(JSON.stringify(report, null, 2))
    output.write(`${output.isTerminal ? visibleJson(text) : text}\n`)
  } else writeTable(report, output)
  await output.end()
  const code = exitCodeOf(outcome)
  return code === EXIT.done && report.notes > 0 ? EXIT.findings : code
}
