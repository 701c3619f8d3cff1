import type { Plan } from '../plan/plan.ts'
import { computeImageId } from '../plan/uuid.ts'
import type { Line } from './entry.ts'
import { MAX_EPOCH } from './journal-store.ts'

/** The maximum number of attempts of a run, including all resumes. */
const MAX_ATTEMPTS = 1000

/** Why an entry cannot be of this run; `null`: it can. If the target accepts image IDs, those of a run are computed from its plan. */
const findContradiction = ({ id: run, target }: Plan, line: Line, ownIds: () => ReadonlySet<string>): string | null => {
  switch (line.entry) {
    case 'started':
      return line.plan.id === run ? null : `contains another plan, ${line.plan.id}`
    case 'creating':
      if (line.attempt >= MAX_ATTEMPTS)
        return `has attempt ${line.attempt}, but a run has at most ${MAX_ATTEMPTS} attempts`
      return line.id === null || line.id === computeImageId(run, line.attempt)
        ? null
        : `names image ${line.id}, which this run cannot create`
    case 'sending':
    case 'sent':
    case 'deleted':
      if (line.id === null) return null
      if (target.kind === 'file') return `names image ${line.id}, but this run writes a file`
      return target.by === 'createFromBytes' || ownIds().has(line.id)
        ? null
        : `names image ${line.id}, which this run cannot create`
    case 'done': {
      const { created, run: of } = line.outcome
      if (of !== run) return `belongs to another run, ${of}`
      if (created.kind === 'file')
        return target.kind === 'file' && created.path === target.path
          ? null
          : `names the file ${created.path}, which this run does not write`
      if (target.kind === 'file') return `names image ${created.ref.id}, but this run writes a file`
      const { provider, cloud, region } = target.cloud
      if (created.ref.provider !== provider || created.ref.cloud !== cloud || created.ref.region !== region)
        return 'names an image in another cloud than the plan'
      return target.by === 'createFromBytes' || ownIds().has(created.ref.id)
        ? null
        : `names image ${created.ref.id}, which this run cannot create`
    }
    default:
      return null
  }
}

/** Why the lines of a journal cannot be of the run `run`; `null`: they can. */
export const findIncoherence = (run: string, lines: readonly Line[]): string | null => {
  const [first] = lines
  if (first === undefined) return null
  if (first.entry !== 'started') return 'line 1 does not start a run'
  if (first.plan.id !== run) return `line 1 contains the plan ${first.plan.id}, but the journal is that of run ${run}`
  let known: ReadonlySet<string> | null = null
  const ownIds = (): ReadonlySet<string> =>
    (known ??= new Set(Array.from({ length: MAX_ATTEMPTS }, (_, attempt) => computeImageId(run, attempt))))
  for (const [index, line] of lines.entries()) {
    const reason =
      line.epoch >= MAX_EPOCH
        ? `has epoch ${line.epoch}, which is too large`
        : findContradiction(first.plan, line, ownIds)
    if (reason !== null) return `line ${index + 1} ${reason}`
  }
  return null
}
