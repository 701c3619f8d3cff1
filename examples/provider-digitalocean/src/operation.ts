import { toInstant } from '@imago/codec'
import type { Operation } from '@imago/core/provider'
import type { DigitalOceanAction } from './wire.ts'

const STATUS: ReadonlyMap<string, Operation['status']> = new Map([
  ['in-progress', 'running'],
  ['completed', 'success'],
  ['errored', 'error'],
])

const parseInstant = (text: string | null | undefined): string | null =>
  typeof text === 'string' ? (toInstant(text) ?? null) : null

/** The API reports neither progress nor the cause of a failure. An unknown status is taken for work that goes on. */
export const toOperation = ({
  id,
  type,
  status: word,
  started_at,
  completed_at,
  region_slug,
}: DigitalOceanAction): Operation => {
  const status = STATUS.get(word) ?? 'running'
  const where = typeof region_slug === 'string' ? ` (region ${region_slug})` : ''
  return {
    id: String(id),
    kind: type ?? null,
    status,
    progress: null,
    error: status === 'error' ? `action ${type ?? id}${where} failed; DigitalOcean reports no cause` : null,
    startedAt: parseInstant(started_at),
    finishedAt: status === 'running' ? null : parseInstant(completed_at),
  }
}
