import type { Clock } from '../clock.ts'
import { failureOf, isRunning, type ActionFailure, type Resource, type StoredAction, type Work } from './action.ts'
import type { StoredImage } from './image.ts'
import { createRandom } from './seeded.ts'
import type { StoredServer } from './server.ts'
import type { StoredSshKey } from './ssh-key.ts'

/** How long an action takes, in milliseconds; shortened, so that nobody waits minutes for a snapshot. */
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
  /** What holds once the action has succeeded; `at` is when it ended, in milliseconds since 1970. */
  readonly onSuccess?: ((at: number) => void) | undefined
  readonly onError?: ((at: number) => void) | undefined
  /** The action that must end first. */
  readonly after?: StoredAction | undefined
  /** What has to be done besides; where it rejects, the action ends in an error. */
  readonly work?: Promise<unknown> | undefined
  /** It has succeeded as soon as it is asked for: there is nothing to do. */
  readonly isInstant?: boolean | undefined
}

/** What one token sees. */
export interface Project {
  readonly name: string
  readonly random: () => number
  /** Snapshots and backups, deleted ones too. */
  readonly images: Map<number, StoredImage>
  readonly servers: Map<number, StoredServer>
  readonly sshKeys: Map<number, StoredSshKey>
  readonly actions: Map<number, StoredAction>
  readonly nextId: (kind: 'image' | 'server' | 'sshKey') => number
  /** Starts an action. What it brings about holds once the clock has reached its end. */
  readonly begin: (options: BeginOptions) => StoredAction
  /** Lets the next action of this command end in an error. */
  readonly failNext: (command: string, failure: ActionFailure) => void
  /** Brings about what has ended by now. */
  readonly settle: () => void
  /** Whether an action runs on the server. */
  readonly isLocked: (serverId: number) => boolean
}

interface Pending {
  readonly action: StoredAction
  readonly settle: () => void
}

export interface ProjectOptions {
  readonly name: string
  /** Which of the simulator's projects it is: their ids do not overlap. */
  readonly index: number
  readonly clock: Clock
  /** How long each action takes, in milliseconds. Default: from none to 3 seconds, by command. */
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
    pending = [...pending, { action, settle: () => (failureOf(action) === null ? onSuccess : onError)?.(until) }]
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

/** Changes one entry, if it is still there. */
export const change = <A>(map: Map<number, A>, id: number, changes: Partial<A>): void => {
  const record = map.get(id)
  if (record !== undefined) map.set(id, { ...record, ...changes })
}
