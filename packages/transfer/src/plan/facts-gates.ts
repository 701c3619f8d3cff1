import { factsOf, isNameOf } from './format.ts'
import { blocks } from './gate.ts'
import type { Gate, PlanFormat } from './plan.ts'
import type { MoveSource, MoveWishes } from './wishes.ts'

const archiveGates = (source: MoveSource, { archive, member }: MoveWishes, format: PlanFormat): readonly Gate[] => {
  const facts = factsOf(source)
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
export const factsGates = (source: MoveSource, wishes: MoveWishes, format: PlanFormat): readonly Gate[] => {
  const gates: Gate[] = [...archiveGates(source, wishes, format)]
  if (source.kind === 'image' && source.refusal !== undefined && source.refusal !== null)
    gates.push(blocks('source-estimate', `the source cannot be read: ${source.refusal}`, 'Choose another image'))
  const facts = factsOf(source)
  if (facts === null) return gates
  const { refusal, format: found } = facts
  if (refusal !== null) {
    const { what, hint } = refusal
    gates.push(blocks('source-content', what, hint))
    return gates
  }
  const { sourceFormat, compression } = wishes
  if (compression !== undefined && compression !== 'none' && compression !== facts.compression) {
    gates.push(
      blocks(
        'source-content',
        `the source is ${facts.compression === null ? 'not compressed' : `compressed with ${facts.compression}`}, and --compression says ${compression}`,
        'Leave --compression out',
      ),
    )
  } else if (sourceFormat !== undefined && found !== null && !isNameOf(sourceFormat, found)) {
    gates.push(
      blocks(
        'disk-format',
        `the source is ${found === 'gpt' ? 'raw' : found}, and --source-format says ${sourceFormat}`,
        'Leave --source-format out: the bytes tell',
      ),
    )
  }
  return gates
}

/** Whether these gates say why the format is not known. */
export const explainsFormat = (gates: readonly Gate[]): boolean =>
  gates.some(({ gate, verdict }) => verdict === 'blocks' && (gate === 'archive' || gate === 'source-content'))
