import type { Clock } from '../clock.ts'
import { getFailure, isRunning, type ActionFailure, type Resource, type StoredAction, type Work } from './action.ts'
import type { StoredImage } from './image.ts'
import { createRandom } from './seeded.ts'
import type { StoredServer } from './server.ts'
import type { StoredSshKey } from './ssh-key.ts'

/** The duration of actions in milliseconds; shorter than at Hetzner, where a snapshot takes minutes. */
const ACTION_MS: Readonly<Record<string, number>> = {
  create_image: 3000,
  create_server: 1500,
  rebuild_server: 2000,
  change_protection: 0,
}
const OTHER_ACTION_MS = 500

export interface BeginOptions {
  readonly command: string
  readonly resources: readonly Resource[]
  /** Applies the changes of a successful action; `at`: its end in milliseconds since 1970. */
  readonly onSuccess?: ((at: number) => void) | undefined
  readonly onError?: ((at: number) => void) | undefined
  /** The action that must end first. */
  readonly after?: StoredAction | undefined
  /** Further work of the action; if it rejects, the action fails. */
  readonly work?: Promise<unknown> | undefined
  /** The action succeeds at once: there is nothing to do. */
  readonly isInstant?: boolean | undefined
}

/** The resources that a token can access. */
export interface Project {
  readonly name: string
  readonly random: () => number
  /** Snapshots and backups, including deleted ones. */
  readonly images: Map<number, StoredImage>
  readonly servers: Map<number, StoredServer>
  readonly sshKeys: Map<number, StoredSshKey>
  readonly actions: Map<number, StoredAction>
  readonly nextId: (kind: 'image' | 'server' | 'sshKey') => number
  /** Starts an action. Its changes apply when the clock reaches its end. */
  readonly begin: (options: BeginOptions) => StoredAction
  /** Makes the next action of this command fail. */
  readonly failNext: (command: string, failure: ActionFailure) => void
  /** Applies the changes of actions that have ended. */
  readonly settle: () => void
  /** Whether an action is running on the server. */
  readonly isLocked: (serverId: number) => boolean
}

interface Pending {
  readonly action: StoredAction
  readonly settle: () => void
}

export interface ProjectOptions {
  readonly name: string
  /** The index among the simulator's projects, which separates their ID ranges. */
  readonly index: number
  readonly clock: Clock
  /** The duration of each action in milliseconds. Default: 0 to 3 seconds, by command. */
  readonly actionMs: number | null
}

const toWork = (work: Promise<unknown>, clock: Clock): Work => {
  let endedAt: number | null = null
  let failure: ActionFailure | null = null
  const end = (error: ActionFailure | null): void => {
    endedAt = clock()
    failure = error
  }
  work.then(
    () => end(null),
    (error: unknown) => end({ code: 'action_failed', message: error instanceof Error ? error.message : String(error) }),
  )
  return { endedAt: () => endedAt, failure: () => failure }
}

export const createProject = ({ name, index, clock, actionMs }: ProjectOptions): Project => {
  const actions = new Map<number, StoredAction>()
  const failures = new Map<string, ActionFailure>()
  const last = { image: 350_000_000, server: 104_000_000, sshKey: 24_000_000, action: 582_901_000_000_000 }
  for (const kind of Object.keys(last) as (keyof typeof last)[]) last[kind] += index * 1_000_000
  let pending: readonly Pending[] = []

  const settle = (): void => {
    const now = clock()
    const ended = pending
      .filter(({ action }) => !isRunning(action, now))
      .sort((a, b) => a.action.until - b.action.until)
    pending = pending.filter(({ action }) => isRunning(action, now))
    for (const one of ended) one.settle()
  }

  const begin = ({
    command,
    resources,
    onSuccess,
    onError,
    after,
    work,
    isInstant = false,
  }: BeginOptions): StoredAction => {
    const now = clock()
    const from = Math.max(now, after?.until ?? now)
    const until = isInstant ? from : from + (actionMs ?? ACTION_MS[command] ?? OTHER_ACTION_MS)
    const failure = failures.get(command) ?? null
    failures.delete(command)
    const action: StoredAction = {
      id: ++last.action,
      command,
      resources,
      started: now,
      from,
      until,
      failure,
      work: work === undefined ? null : toWork(work, clock),
    }
    actions.set(action.id, action)
    pending = [...pending, { action, settle: () => (getFailure(action) === null ? onSuccess : onError)?.(until) }]
    settle()
    return action
  }

  return {
    name,
    random: createRandom(name),
    images: new Map(),
    servers: new Map(),
    sshKeys: new Map(),
    actions,
    nextId: (kind) => ++last[kind],
    begin,
    failNext: (command, failure) => void failures.set(command, failure),
    settle,
    isLocked: (serverId) =>
      pending.some(({ action }) => action.resources.some(({ type, id }) => type === 'server' && id === serverId)),
  }
}

/** Changes an entry, if it still exists. */
export const change = <A>(map: Map<number, A>, id: number, changes: Partial<A>): void => {
  const record = map.get(id)
  if (record !== undefined) map.set(id, { ...record, ...changes })
}
