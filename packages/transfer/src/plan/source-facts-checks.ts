import { readSourceFacts, matchesFormat } from './format.ts'
import { blocks } from './preflight-check.ts'
import type { PreflightCheck, PlanFormat } from './plan.ts'
import type { TransferSource, TransferOverrides } from './transfer-input.ts'

const archiveChecks = (
  source: TransferSource,
  { archive, member }: TransferOverrides,
  format: PlanFormat,
): readonly PreflightCheck[] => {
  const facts = readSourceFacts(source)
  if (format.archive === undefined)
    return member !== undefined && archive === 'none'
      ? [
          blocks(
            'archive',
            `--member ${member} names a file of an archive, and --archive none says that there is none`,
            'Leave one of them out',
          ),
        ]
      : []
  if (facts === null || facts.refusal !== null) return []
  if (facts.archive === null)
    return [
      blocks(
        'archive',
        'the source is not a tar archive',
        archive === 'tar' ? 'Leave --archive out' : 'Leave --member out',
      ),
    ]
  const { problem } = facts.archive
  return problem === null
    ? []
    : [
        blocks(
          'archive',
          `the disk in the archive cannot be determined: ${problem}`,
          facts.archive.advice ?? 'Name its file: --member NAME',
        ),
      ]
}

/** What a look at the source's bytes found that goes against what was said of them, or that the run would refuse. */
export const checkSourceFacts = (
  source: TransferSource,
  wishes: TransferOverrides,
  format: PlanFormat,
): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = [...archiveChecks(source, wishes, format)]
  if (source.kind === 'image' && source.refusal !== undefined && source.refusal !== null)
    checks.push(blocks('source-estimate', `the source cannot be read: ${source.refusal}`, 'Choose another image'))
  const facts = readSourceFacts(source)
  if (facts === null) return checks
  const { refusal, format: found } = facts
  if (refusal !== null) {
    const { what, hint } = refusal
    checks.push(blocks('source-content', what, hint))
    return checks
  }
  const { sourceFormat, compression } = wishes
  if (compression !== undefined && compression !== 'none' && compression !== facts.compression) {
    checks.push(
      blocks(
        'source-content',
        `the source is ${facts.compression === null ? 'not compressed' : `compressed with ${facts.compression}`}, and --compression says ${compression}`,
        'Leave --compression out',
      ),
    )
  } else if (sourceFormat !== undefined && found !== null && !matchesFormat(sourceFormat, found)) {
    checks.push(
      blocks(
        'disk-format',
        `the source is ${found === 'gpt' ? 'raw' : found}, and --source-format says ${sourceFormat}`,
        'Leave --source-format out: the bytes tell',
      ),
    )
  }
  return checks
}

/** Whether these checks say why the format is not known. */
export const explainsFormat = (checks: readonly PreflightCheck[]): boolean =>
  checks.some(({ check, effect }) => effect === 'blocks' && (check === 'archive' || check === 'source-content'))
