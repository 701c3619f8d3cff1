import { toInstant } from '@imago/codec'
import { toSafeText, type Operation } from '@imago/core/provider'
import type { HetznerAction } from '@imago/schema-hetzner'

const STATUS: ReadonlyMap<string, Operation['status']> = new Map([
  ['running', 'running'],
  ['success', 'success'],
  ['error', 'error'],
])

const parseInstant = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : (toInstant(text) ?? null)

const toProgress = (percent: number | null | undefined): number | null =>
  percent === null || percent === undefined ? null : Math.min(1, percent / 100)

const formatActionError = ({ error, command }: HetznerAction): string => {
  const words = [
    error?.message ?? '',
    error?.code === null || error?.code === undefined ? '' : `(${error.code})`,
  ].filter((word) => word !== '')
  return words.length === 0 ? `${command ?? 'the action'} failed` : toSafeText(words.join(' '))
}

/**
 * Maps an action. Only its status decides whether it failed: in the API's examples, running and successful actions have an error, too.
 * An unknown status counts as running.
 */
export const toOperation = (action: HetznerAction): Operation => {
  const status = STATUS.get(action.status) ?? 'running'
  return {
    id: String(action.id),
    kind: action.command ?? null,
    status,
    progress: toProgress(action.progress),
    error: status === 'error' ? formatActionError(action) : null,
    startedAt: parseInstant(action.started),
    finishedAt: status === 'running' ? null : parseInstant(action.finished),
  }
}
