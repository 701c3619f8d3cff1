import type { Operation } from '@imago/core/provider'

/** Completes the work on an image. Returns the error message, if it failed. */
export type Ending = () => string | null

interface Job {
  readonly imageId: string
  readonly started: number
  readonly ending: Ending
  readonly operation: Operation
}

export interface Work {
  /** Starts work on an image. */
  readonly begin: (kind: string, imageId: string, ending: Ending) => Operation
  /** Completes the work that is due. */
  readonly settle: () => void
  readonly isBusy: (imageId: string) => boolean
  /** Returns the operations of an image, newest first. */
  readonly of: (imageId: string) => readonly Operation[]
  /** `null`: the operation does not exist. */
  readonly find: (operationId: string) => { readonly imageId: string; readonly operation: Operation } | null
}

/** Creates the operations of a cloud: each takes `workMs` by `clock`, and ends at the first request after that. */
export const createWork = ({
  clock,
  now,
  workMs,
}: {
  readonly clock: () => number
  readonly now: () => string
  readonly workMs: number
}): Work => {
  const jobs = new Map<string, Job>()

  const toOperation = ({ operation, started }: Job): Operation => {
    if (operation.status !== 'running') return operation
    return { ...operation, progress: workMs === 0 ? 0 : Math.min(1, Math.max(0, (clock() - started) / workMs)) }
  }
  const ended = (operation: Operation, error: string | null): Operation => ({
    ...operation,
    ...(error === null ? { status: 'success', progress: 1 } : { status: 'error', error }),
    finishedAt: now(),
  })

  return {
    begin: (kind, imageId, ending) => {
      const operation: Operation = {
        id: `operation-${jobs.size + 1}`,
        kind,
        status: 'running',
        progress: 0,
        error: null,
        startedAt: now(),
        finishedAt: null,
      }
      jobs.set(operation.id, { imageId, started: clock(), ending, operation })
      return operation
    },
    settle: () => {
      const due = [...jobs].filter(
        ([, { operation, started }]) => operation.status === 'running' && clock() - started >= workMs,
      )
      for (const [id, job] of due) jobs.set(id, { ...job, operation: ended(toOperation(job), job.ending()) })
    },
    isBusy: (imageId) =>
      [...jobs.values()].some((job) => job.imageId === imageId && job.operation.status === 'running'),
    of: (imageId) =>
      [...jobs.values()]
        .filter((job) => job.imageId === imageId)
        .map(toOperation)
        .toReversed(),
    find: (operationId) => {
      const job = jobs.get(operationId)
      return job === undefined ? null : { imageId: job.imageId, operation: toOperation(job) }
    },
  }
}
