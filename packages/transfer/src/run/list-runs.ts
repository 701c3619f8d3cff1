import type { ImageResult } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { checkJournals, lockPath, readRun, listJournals } from '../journal/journal.ts'
import { findLockHolder } from '../journal/lock.ts'
import { REAL_PROCESSES } from '../journal/process-identity.ts'
import type { RunState } from '../journal/state.ts'
import type { Plan } from '../plan/plan.ts'
import { TRANSFER_SITE } from './context.ts'
import { toRunError } from './file-bytes.ts'
import type { RunSummary } from './run-summary.ts'

const cloudName = ({
  provider,
  cloud,
  region,
}: {
  readonly provider: string
  readonly cloud: string | null
  readonly region: string | null
}): string => `${cloud === null ? provider : `${provider}/${cloud}`}${region === null ? '' : `@${region}`}`

/** Source and target of a plan, in words. */
export const describeRun = ({ source, target, request }: Plan): string => {
  const from =
    source.kind === 'image'
      ? `${cloudName(source.ref)}:${source.name ?? source.ref.id}`
      : source.kind === 'file'
        ? source.path
        : source.url
  const to = target.kind === 'file' ? target.path : `${cloudName(target.cloud)}:${request?.name ?? ''}`
  return `${from} to ${to}`
}

const selectState = (state: RunState, isHeld: boolean): RunSummary['state'] => {
  if (isHeld) return 'running'
  if (state.outcome !== null) return 'done'
  if (state.failed === null) return 'stopped'
  return state.failed.isFinal ? 'refused' : 'failed'
}

const summarize = async (dir: string, run: string): Promise<RunSummary> => {
  const read = await readRun(dir, run)
  if (E.isLeft(read))
    return {
      run,
      state: 'unreadable',
      startedAt: null,
      lastAt: null,
      step: null,
      what: '',
      bytes: null,
      resources: [],
      once: [],
      reason: read.left,
      untilSourceChanges: false,
      outcome: null,
    }
  const state = read.right
  const isHeld = (await findLockHolder(lockPath(dir, run), REAL_PROCESSES)) !== null
  return {
    run,
    state: selectState(state, isHeld),
    startedAt: state.startedAt,
    lastAt: state.lastAt,
    step: state.step,
    what: describeRun(state.plan),
    bytes: state.plan.estimate.bytes,
    resources: state.plan.estimate.resources,
    once: state.plan.estimate.once,
    reason: state.failed?.what ?? null,
    untilSourceChanges: state.outcome === null && state.failed?.untilSourceChanges === true,
    outcome: state.outcome,
  }
}

/** Lists the runs with a journal in `journalDir`, latest first. Locks none of them. */
export const listRuns =
  (journalDir: string): ImageResult<readonly RunSummary[]> =>
  async () => {
    try {
      const checked = await checkJournals({ dir: journalDir, site: TRANSFER_SITE })
      if (E.isLeft(checked)) return checked
      const runs = await Promise.all((await listJournals(journalDir)).map((run) => summarize(journalDir, run)))
      return E.right(runs.toSorted((one, other) => ((one.startedAt ?? '') < (other.startedAt ?? '') ? 1 : -1)))
    } catch (thrown) {
      return E.left(toRunError(TRANSFER_SITE, thrown))
    }
  }
