import type { Plan } from '../plan/plan.ts'
import { computeImageId } from '../plan/uuid.ts'
import type { Line } from './entry.ts'

/** More attempts than a run makes, however often it is resumed. */
const MOST_ATTEMPTS = 1000

/** Why an entry cannot be one of this run; `null`: it can. Where images may be given an id, those of a run are made of its plan, so every other id is somebody else's. */
const whyNotOf = ({ id: run, target }: Plan, line: Line, ownIds: () => ReadonlySet<string>): string | null => {
  switch (line.entry) {
    case 'started':
      return line.plan.id === run ? null : `holds another plan, ${line.plan.id}`
    case 'creating':
      if (line.attempt >= MOST_ATTEMPTS) return `is of attempt ${line.attempt}`
      return line.id === null || line.id === computeImageId(run, line.attempt)
        ? null
        : `names image ${line.id}, which this run cannot make`
    case 'sending':
    case 'sent':
    case 'deleted':
      if (line.id === null) return null
      if (target.kind === 'file') return `names image ${line.id}, and this run writes a file`
      return target.by === 'createFromBytes' || ownIds().has(line.id)
        ? null
        : `names image ${line.id}, which this run cannot make`
    case 'done': {
      const { created, run: of } = line.outcome
      if (of !== run) return `is of another run, ${of}`
      if (created.kind === 'file')
        return target.kind === 'file' && created.path === target.path
          ? null
          : `names the file ${created.path}, which this run does not write`
      if (target.kind === 'file') return `names image ${created.ref.id}, and this run writes a file`
      const { provider, cloud, region } = target.cloud
      if (created.ref.provider !== provider || created.ref.cloud !== cloud || created.ref.region !== region)
        return 'names an image of another cloud than the plan does'
      return target.by === 'createFromBytes' || ownIds().has(created.ref.id)
        ? null
        : `names image ${created.ref.id}, which this run cannot make`
    }
    default:
      return null
  }
}

/** Why the lines of a journal cannot be those of run `run`; `null`: they can. */
export const findIncoherence = (run: string, lines: readonly Line[]): string | null => {
  const [first] = lines
  if (first === undefined) return null
  if (first.entry !== 'started') return 'line 1 does not begin a run'
  if (first.plan.id !== run) return `line 1 holds plan ${first.plan.id}, and the file is called after ${run}`
  let known: ReadonlySet<string> | null = null
  const ownIds = (): ReadonlySet<string> =>
    (known ??= new Set(Array.from({ length: MOST_ATTEMPTS }, (_, attempt) => computeImageId(run, attempt))))
  for (const [index, line] of lines.entries()) {
    const why = whyNotOf(first.plan, line, ownIds)
    if (why !== null) return `line ${index + 1} ${why}`
  }
  return null
}
