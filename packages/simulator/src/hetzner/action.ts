import { toInstant, type Era } from './era.ts'

export interface Resource {
  readonly id: number
  readonly type: 'server' | 'image' | 'iso'
}

/** The error of a failed action, in the API's words. */
export interface ActionFailure {
  readonly code: string
  readonly message: string
}

/** Real work behind an action: the action does not end before it. */
export interface Work {
  /** The end in milliseconds since 1970; null while it runs. */
  readonly endedAt: () => number | null
  readonly failure: () => ActionFailure | null
}

/** An action as stored; its progress depends on the clock. */
export interface StoredAction {
  readonly id: number
  readonly command: string
  readonly resources: readonly Resource[]
  /** The times of request, start and end, in milliseconds since 1970. */
  readonly started: number
  readonly from: number
  readonly until: number
  readonly failure: ActionFailure | null
  readonly work: Work | null
}

export const isRunning = ({ until, work }: StoredAction, now: number): boolean =>
  now < until || (work !== null && work.endedAt() === null)

export const getFailure = ({ failure, work }: StoredAction): ActionFailure | null => failure ?? work?.failure() ?? null

export const getStatus = (action: StoredAction, now: number): 'running' | 'success' | 'error' => {
  if (isRunning(action, now)) return 'running'
  return getFailure(action) === null ? 'success' : 'error'
}

const computeProgress = (action: StoredAction, now: number): number => {
  const { from, until } = action
  if (!isRunning(action, now)) return 100
  return now >= until ? 99 : Math.max(0, Math.floor((100 * (now - from)) / (until - from)))
}

/** https://docs.hetzner.cloud/reference/cloud#tag/actions */
export const toWireAction = (action: StoredAction, now: number, era: Era): unknown => ({
  id: action.id,
  command: action.command,
  status: getStatus(action, now),
  progress: computeProgress(action, now),
  started: toInstant(action.started, era),
  finished: isRunning(action, now) ? null : toInstant(Math.max(action.until, action.work?.endedAt() ?? 0), era),
  resources: action.resources,
  error: isRunning(action, now) ? null : getFailure(action),
})
