import type { ImageError, ImageResult } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { toJournalStore } from '../journal/file-journals.ts'
import { readEachRun, type ReadRun } from '../journal/journal.ts'
import type { JournalStore } from '../journal/journal-store.ts'
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

const summarize = (run: string, read: E.Either<ImageError, ReadRun>): RunSummary => {
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
      reason: read.left.what,
      untilSourceChanges: false,
      outcome: null,
    }
  const { state, isHeld } = read.right
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

/** Lists the runs of a store or directory of journals, latest first. Takes none of them. */
export const listRuns =
  (journals: JournalStore | string): ImageResult<readonly RunSummary[]> =>
  async () => {
    try {
      const runs: RunSummary[] = []
      const read = await readEachRun(toJournalStore(journals), (run, one) => runs.push(summarize(run, one)))
      if (E.isLeft(read)) return read
      return E.right(runs.toSorted((one, other) => ((one.startedAt ?? '') < (other.startedAt ?? '') ? 1 : -1)))
    } catch (thrown) {
      return E.left(toRunError(TRANSFER_SITE, thrown))
    }
  }
