import { matchesFormat, readSourceFacts } from './format.ts'
import { createBlocker } from './preflight-check.ts'
import type { PlanFormat, PreflightCheck } from './plan.ts'
import type { TransferOverrides, TransferSource } from './transfer-input.ts'

const checkArchive = (
  source: TransferSource,
  { archive, member }: TransferOverrides,
  format: PlanFormat,
): readonly PreflightCheck[] => {
  const facts = readSourceFacts(source)
  if (format.archive === undefined)
    return member !== undefined && archive === 'none'
      ? [
          createBlocker(
            'archive',
            `the file ${member} cannot be taken from an archive that is not extracted`,
            'Leave out the file, or extract the archive',
            { parameter: 'member', values: [] },
          ),
        ]
      : []
  if (facts === null || facts.refusal !== null) return []
  if (facts.archive === null)
    return [
      createBlocker('archive', 'the source is not a tar archive', 'Transfer it without extracting it', {
        parameter: archive === 'tar' ? 'archive' : 'member',
        values: [],
      }),
    ]
  const { problem, advice } = facts.archive
  return problem === null
    ? []
    : [
        createBlocker(
          'archive',
          `the disk in the archive cannot be determined: ${problem}`,
          advice ?? 'Choose the file of the archive that is the disk',
          ...(advice === undefined ? [{ parameter: 'member', values: [] }] : []),
        ),
      ]
}

/** Blocks what the inspected bytes contradict, and what the run would refuse. */
export const checkSourceFacts = (
  source: TransferSource,
  overrides: TransferOverrides,
  format: PlanFormat,
): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = [...checkArchive(source, overrides, format)]
  if (source.kind === 'image' && source.refusal !== undefined && source.refusal !== null)
    checks.push(
      createBlocker('source-estimate', `the source cannot be downloaded: ${source.refusal}`, 'Choose another image'),
    )
  const facts = readSourceFacts(source)
  if (facts === null) return checks
  const { refusal, format: found } = facts
  if (refusal !== null) {
    checks.push(createBlocker('source-content', refusal.what, refusal.hint, ...(refusal.changes ?? [])))
    return checks
  }
  const { sourceFormat, compression } = overrides
  if (compression !== undefined && compression !== 'none' && compression !== facts.compression) {
    checks.push(
      createBlocker(
        'source-content',
        `the source is ${facts.compression === null ? 'not compressed' : `compressed with ${facts.compression}`}, but ${compression} is declared`,
        'Leave out the compression, which is detected',
        { parameter: 'compression', values: [] },
      ),
    )
  } else if (sourceFormat !== undefined && found !== null && !matchesFormat(sourceFormat, found)) {
    checks.push(
      createBlocker(
        'disk-format',
        `the source is ${found === 'gpt' ? 'raw' : found}, but ${sourceFormat} is declared`,
        'Leave out the format of the source, which is detected',
        { parameter: 'sourceFormat', values: [] },
      ),
    )
  }
  return checks
}

/** Whether one of the checks already explains why the format is unknown. */
export const explainsFormat = (checks: readonly PreflightCheck[]): boolean =>
  checks.some(({ check, effect }) => effect === 'blocks' && (check === 'archive' || check === 'source-content'))
