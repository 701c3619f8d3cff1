import { toInstant, type Era } from './era.ts'

export interface Resource {
  readonly id: number
  readonly type: 'server' | 'image' | 'iso'
}

export interface ActionFailure {
  readonly code: string
  readonly message: string
}

/** An action as the simulator keeps it; its progress is a matter of the clock. */
export interface StoredAction {
  readonly id: number
  readonly command: string
  readonly resources: readonly Resource[]
  /** Milliseconds since 1970, as the next two: when it was asked for, when it starts to work, when it ends. */
  readonly started: number
  readonly from: number
  readonly until: number
  readonly failure: ActionFailure | null
}

export const isRunning = ({ until }: StoredAction, now: number): boolean => now < until

export const statusOf = (action: StoredAction, now: number): 'running' | 'success' | 'error' => {
  if (isRunning(action, now)) return 'running'
  return action.failure === null ? 'success' : 'error'
}

const progressOf = ({ from, until }: StoredAction, now: number): number => (now >= until ? 100 : Math.max(0, Math.floor((100 * (now - from)) / (until - from))))

/** https://docs.hetzner.cloud/reference/cloud#tag/actions */
export const toWireAction = (action: StoredAction, now: number, era: Era): unknown => ({
  id: action.id,
  command: action.command,
  status: statusOf(action, now),
  progress: progressOf(action, now),
  started: toInstant(action.started, era),
  finished: isRunning(action, now) ? null : toInstant(action.until, era),
  resources: action.resources,
  error: isRunning(action, now) ? null : action.failure,
})
